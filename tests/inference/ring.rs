//! Small scenarios on a ring of places, and histories that the engine makes of them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use pointplane::model::{Adoption, Innovation, InnovationId, Listener, run};
use pointplane::world::{PlaceId, World};

/// How many places there are.
pub const PLACES: usize = 40;
/// How many items there are, where it is not said.
pub const ITEMS: usize = 12;
/// In how many steps they spread, where it is not said.
pub const STEPS: usize = 30;
/// A table of adoptions without any.
pub const NOTHING: &str = "place,item,time,until\n";

/// A place hears the two before it and the one after it, on a ring; every third source ends after six steps.
pub fn heard(place: usize) -> [usize; 3] {
    [PLACES - 1, PLACES - 2, 1].map(|by| (place + by) % PLACES)
}

/// The covariate of a place.
pub fn covariate(place: usize) -> f64 {
    (place % 5) as f64 / 2.0 - 1.0
}

/// Rows of the table of adoptions that a replicate makes, with what is given up.
#[derive(Default)]
struct Rows(Vec<(String, String, u16, Option<u16>)>);

fn name(world: &World, innovation: &Innovation) -> String {
    world.given[innovation.given.expect("a given item") as usize]
        .id
        .clone()
}

impl Listener for Rows {
    fn adopted(&mut self, world: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        let place = world.places.id[adoption.place].clone();
        self.0
            .push((place, name(world, innovation), adoption.month, None));
    }

    fn abandoned(
        &mut self,
        world: &World,
        innovation: &Innovation,
        _: InnovationId,
        place: PlaceId,
        month: u16,
    ) {
        let key = (&world.places.id[place], &name(world, innovation));
        let mut rows = self.0.iter_mut();
        let row = rows.find(|row| (&row.0, &row.1) == key);
        row.expect("it was adopted").3 = Some(month);
    }
}

/// The folder of a scenario on the ring of [`heard`], with these further keys, and so many items and steps.
pub fn ring(
    keys: &str,
    layer: &str,
    covariates: &str,
    quality: f64,
    [n, last]: [usize; 2],
) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let mut places = "id,environment,radiation,platform\n".to_owned();
    let mut links = "source,target,weight\n".to_owned();
    let mut values = "place,time,z,a\n".to_owned();
    for place in 0..PLACES {
        writeln!(places, "p{place},1,1,0").unwrap();
        for step in 0..=STEPS {
            // One moves with the place, the other back and forth in time.
            let other = (step / 5 % 2) as f64 - 0.5;
            writeln!(values, "p{place},{step},{},{other}", covariate(place)).unwrap();
        }
        for source in heard(place) {
            writeln!(links, "p{source},p{place},1").unwrap();
        }
    }
    let mut items = "item,first_risk,last,quality\n".to_owned();
    (0..n).for_each(|item| writeln!(items, "i{item},0,{},{quality}", last - 1).unwrap());
    write("places.csv", &places);
    write("links.csv", &links);
    write("z.csv", &values);
    write("items.csv", &items);
    write("adoptions.csv", NOTHING);
    let text = format!(
        "format = 1\nname = \"ring\"\nstart = \"2000-01\"\nend = \"2002-06\"\n\
         places.files = [\"places.csv\"]\nline.structures = false\npoint.tolerance = 0\n{keys}\n\
         history = {{ adoptions = \"adoptions.csv\", items = \"items.csv\" }}\n\
         [[domains]]\nid = \"all\"\naffinity = {{ ring = 1 }}\n\
         [[layers]]\nid = \"ring\"\nstandardise = \"none\"\n{layer}\n\
         links = [{{ rule = \"table\", file = \"links.csv\" }}]\n{covariates}"
    );
    write("scenario.toml", &text);
    dir
}

/// The folder of a scenario on the ring of [`heard`], in four provinces of ten places of which the first is a zone, with
/// an alliance of all provinces in its catalogue, and so many items that began at the zones.
pub fn provinces(keys: &str, n: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let mut places =
        "id,kind,province,tier,open,lon,lat,weight,environment,radiation,platform\n".to_owned();
    let mut links = "source,target,weight\n".to_owned();
    for place in 0..PLACES {
        let (province, zone) = (place / 10, place % 10 == 0);
        let (kind, open) = if zone {
            ("zone", "1999-06")
        } else {
            ("region", "")
        };
        let tier = if zone { "" } else { "linkage" };
        writeln!(
            places,
            "p{place},{kind},v{province},{tier},{open},{place},30,1,1,1,0"
        )
        .unwrap();
        for source in heard(place) {
            writeln!(links, "p{source},p{place},1").unwrap();
        }
    }
    let mut items = "item,first_risk,last,origin,quality\n".to_owned();
    for item in 0..n {
        writeln!(
            items,
            "i{item},{},{},p{},1",
            item % 3,
            STEPS - 1,
            item % 4 * 10
        )
        .unwrap();
    }
    write("places.csv", &places);
    write("links.csv", &links);
    write("items.csv", &items);
    write("adoptions.csv", NOTHING);
    write(
        "alliances.csv",
        "id,from,to,strength,size_exponent\nleague,2000-06,2001-09,0.6,0\n",
    );
    let members = (0..4).map(|province| format!("league,province,v{province}\n"));
    let members: String = members.collect();
    write(
        "members.csv",
        &format!("alliance,member_kind,member\n{members}"),
    );
    let text = format!(
        "format = 1\nname = \"provinces\"\nstart = \"2000-01\"\nend = \"2002-06\"\n\
         places.files = [\"places.csv\"]\npoint.tolerance = 0\n{keys}\n\
         line.forgetting = 0.05\nline.abandonment_rate = 0\nline.circle_bonus = 0\n\
         history = {{ adoptions = \"adoptions.csv\", items = \"items.csv\" }}\n\
         [[domains]]\nid = \"all\"\naffinity = {{ ring = 1 }}\n\
         [[layers]]\nid = \"ring\"\nstandardise = \"none\"\n\
         links = [{{ rule = \"table\", file = \"links.csv\" }}]\n"
    );
    write("scenario.toml", &text);
    dir
}

/// Writes the history that a replicate of a world makes into the folder of its scenario.
pub fn happen(dir: &Path, world: &World, seed: u64, number: u32) {
    let mut rows = Rows::default();
    run(world, seed, number, &mut rows).unwrap();
    let mut text = NOTHING.to_owned();
    for (place, item, time, until) in rows.0 {
        let until = until.map_or_else(String::new, |until| until.to_string());
        writeln!(text, "{place},{item},{time},{until}").unwrap();
    }
    fs::write(dir.join("adoptions.csv"), text).unwrap();
}
