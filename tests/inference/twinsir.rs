//! Beside another program that fits the same hazard in continuous time: `twinSIR` of the R package surveillance (Höhle
//! 2009), on a history that this program simulates with short steps.
//!
//! Who adopts or is given up in step t does so at the time t there, so that both hear the same sources at every moment.
//! What is left of the grouping is that an adoption has log(1 − e^(−h)) here and log h − h there: more by
//! log((e^h − 1)/h), between 0 and h/2 + h²/24. With at most four sources of 0.004 and 0.0003 besides, h is at most 0.0163.
//! So the greatest ℓ differ by at most 0.0082 an adoption, and to first order estimates by V · ½ Σ x over adoptions (V the
//! inverse information, x what each term is multiplied by), a share of h/2 where all terms move together.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use pointplane::inference::{Asked, estimate};
use pointplane::model::{Adoption, Innovation, InnovationId, Listener, run};
use pointplane::scenario::{Setting, load};
use pointplane::world::{PlaceId, World};

use crate::tools::there;

const HOUSEHOLDS: usize = 50;
const SIZE: usize = 5;
const STEPS: usize = 1800;
/// α, and the rate by each source.
const TRUTH: [f64; 2] = [0.0003, 0.004];
/// Only what is not perfect is given up: the item is simulated at this quality, which multiplies what is heard.
const QUALITY: f64 = 0.5;

/// When each place adopts and gives up, in steps.
struct Times(Vec<[Option<u16>; 2]>);

impl Listener for Times {
    fn adopted(&mut self, world: &World, _: &Innovation, adoption: &Adoption<'_>) {
        self.0[number(world, adoption.place)][0] = Some(adoption.month);
    }

    fn abandoned(&mut self, w: &World, _: &Innovation, _: InnovationId, i: PlaceId, month: u16) {
        self.0[number(w, i)][1] = Some(month);
    }
}

/// The number in the id of a place.
fn number(world: &World, place: PlaceId) -> usize {
    world.places.id[place][1..].parse().unwrap()
}

/// What the other program says: α, b, their standard errors, ℓ. None where it is not there, which is noted, unless
/// `POINTPLANE_NEEDS_R=1` (as in `.ci/run`).
fn fitted(dir: &Path) -> Option<[f64; 5]> {
    let script = r#"
suppressMessages(library(surveillance))
d <- read.csv("people.csv")
epi <- as.epidata(d, t0 = 0, tI.col = "tI", tR.col = "tR", id.col = "id",
                  coords.cols = c("x", "y"), f = list(household = function(u) u == 0))
invisible(capture.output(fit <- twinSIR(~ household, data = epi)))
tight <- list(factr = 10, pgtol = 0, maxit = 5000, parscale = abs(coef(fit)))
again <- list(par = coef(fit), control = tight)
invisible(capture.output(fit <- twinSIR(~ household, data = epi, optim.args = again)))
se <- sqrt(diag(vcov(fit)))
alpha <- exp(coef(fit)[["cox(logbaseline)"]])
out <- c(alpha, coef(fit)[["household"]], alpha * se[["cox(logbaseline)"]], se[["household"]], fit$loglik)
cat(sprintf("%.12g", out))
"#;
    fs::write(dir.join("fit.R"), script).unwrap();
    let ran = Command::new("Rscript")
        .arg("fit.R")
        .current_dir(dir)
        .output();
    let told = ran.as_ref().map(|out| {
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let numbers: Result<Vec<f64>, _> = text.split_whitespace().map(str::parse).collect();
        (
            numbers.ok(),
            String::from_utf8_lossy(&out.stderr).into_owned(),
        )
    });
    let (numbers, why) = told.unwrap_or_else(|error| (None, error.to_string()));
    let found: Option<[f64; 5]> = numbers.and_then(|all| all.try_into().ok());
    let required = std::env::var("POINTPLANE_NEEDS_R").is_ok_and(|v| v == "1");
    assert!(!required || found.is_some(), "twinSIR: {why}");
    let reason = "R with the package surveillance (Debian's r-cran-surveillance) is not here";
    there(found.is_some(), reason).then_some(found?)
}

#[test]
fn twin_sir_agrees_within_the_grouping() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let places = HOUSEHOLDS * SIZE;
    let mut list = "id,environment,radiation,platform\n".to_owned();
    let mut links = "source,target,weight\n".to_owned();
    for i in 0..places {
        writeln!(list, "p{i},1,1,0").unwrap();
        let home = i / SIZE * SIZE..(i / SIZE + 1) * SIZE;
        for source in home.filter(|j| *j != i) {
            writeln!(links, "p{source},p{i},1").unwrap();
        }
    }
    write("places.csv", &list);
    write("links.csv", &links);
    write("adoptions.csv", "place,item,time,until\np0,measles,0,\n");
    write(
        "items.csv",
        &format!("item,first_risk,last,quality\nmeasles,1,{STEPS},{QUALITY}\n"),
    );
    let scenario = |rate: f64| {
        let (alpha, b) = (TRUTH[0], TRUTH[1] / QUALITY);
        format!(
            "format = 1\nname = \"twins\"\nstart = \"2000-01\"\nend = \"2004-12\"\nstep = \"day\"\n\
             places.files = [\"places.csv\"]\npoint.tolerance = 0\n\
             history = {{ adoptions = \"adoptions.csv\", items = \"items.csv\" }}\n\
             [line]\nstructures = false\nintrinsic_rate = {alpha}\nabandonment_rate = {rate}\n\
             [[domains]]\nid = \"all\"\naffinity = {{ household = 1 }}\n\
             [[layers]]\nid = \"household\"\nstandardise = \"none\"\ncoefficient = {b}\n\
             links = [{{ rule = \"table\", file = \"links.csv\" }}]\n"
        )
    };
    let loaded = || {
        let sets: &[Setting] = &[];
        load(dir.path(), &[], sets).unwrap_or_else(|e| panic!("{e}"))
    };
    write("scenario.toml", &scenario(0.02));
    let world = World::new(&loaded().scenario).unwrap();
    let mut times = Times(vec![[None; 2]; places]);
    run(&world, 20_261_203, 0, &mut times).unwrap();
    times.0[0][0] = Some(0);
    let last = times.0.iter().flatten().flatten().max().copied().unwrap();
    // Ties are drawn apart by far less than a step, in the order of places, what is given up first.
    let apart = |step: u16, n: usize| f64::from(step) + 1e-6 * n as f64;
    let mut adoptions = "place,item,time,until\n".to_owned();
    let mut people = "id,x,y,tI,tR\n".to_owned();
    let (mut adopted, mut given_up) = (0, 0);
    for (i, [time, until]) in times.0.iter().enumerate() {
        let house = i / SIZE;
        let told = |step: Option<u16>, n: usize| match step {
            Some(0) => "-1".to_owned(),
            Some(step) => apart(step, n).to_string(),
            None => "NA".to_owned(),
        };
        let (infected, removed) = (told(*time, places + i), told(*until, i));
        writeln!(people, "{},{house},0,{infected},{removed}", i + 1).unwrap();
        if let Some(time) = time {
            adopted += u32::from(*time > 0);
            given_up += u32::from(until.is_some());
            let until = until.map_or_else(String::new, |until| until.to_string());
            writeln!(adoptions, "p{i},measles,{time},{until}").unwrap();
        }
    }
    assert!(adopted > 150 && given_up > 50, "{adopted} {given_up}");
    write("people.csv", &people);
    write("adoptions.csv", &adoptions);
    write(
        "items.csv",
        &format!("item,first_risk,last\nmeasles,1,{last}\n"),
    );
    write("scenario.toml", &scenario(0.0));
    let found = estimate(&loaded(), &Asked::default()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(found.adoptions, u64::from(adopted));
    let Some(theirs) = fitted(dir.path()) else {
        return;
    };
    let most = TRUTH[0] + (SIZE - 1) as f64 * TRUTH[1];
    for (at, term) in found.terms.iter().enumerate() {
        let (own, se) = (term.estimate.unwrap(), term.se.unwrap());
        let (other, other_se) = (theirs[at], theirs[at + 2]);
        println!(
            "{}: {own} ({se}) and {other} ({other_se})",
            term.parameter.name
        );
        assert!((own / other - 1.0).abs() < most, "{own} {other}");
        assert!((se / other_se - 1.0).abs() < 2.0 * most, "{se} {other_se}");
    }
    let gain = found.fits[0].loglik - theirs[4];
    println!("ℓ {} and {}", found.fits[0].loglik, theirs[4]);
    let bound = f64::from(adopted) * (most / 2.0 + most * most / 24.0);
    assert!(0.0 < gain && gain < bound, "{gain} of at most {bound}");
}
