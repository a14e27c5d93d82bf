//! What cannot be laid, and what is said of it.

use super::*;

/// Constraints may leave one trajectory, visited again and again from both ends.
#[test]
fn a_morris_design_that_collapses_is_refused() {
    let kind = |trajectories| Kind::Morris {
        trajectories,
        levels: 4,
    };
    let two = [uniform("a", 0.0, 1.0), uniform("b", 0.0, 1.0)];
    // On levels 0, 1/3, 2/3 and 1 every trajectory moves b over its middle, and a must be below: only from
    // (0, 1/3) over (0, 1) to (2/3, 1), or back.
    let narrow = constraint("a < b");
    let refused = points(&kind(20), &two, &narrow, 7).unwrap_err();
    let DesignError::FewTrajectories { distinct, .. } = refused else {
        panic!("{refused}");
    };
    assert_eq!(distinct, 1);
    assert!(
        refused.to_string().contains("distinct trajectories of 20"),
        "{refused}"
    );
    // Of a few a few are not refused; nor is anything without constraints.
    assert!(points(&kind(7), &two, &narrow, 7).is_ok());
    let one = points(&kind(20), &two[..1], &[], 7).expect("laid");
    assert_eq!(distinct_trajectories(&one), 2);
    let all = points(&kind(200), &two, &[], 7).expect("laid");
    // Of 4 · 4 starts and 2 orders, each trajectory is there from both ends: 16.
    assert_eq!(distinct_trajectories(&all), 16);
}

#[test]
fn what_cannot_be_laid_says_what_to_change() {
    let error = |kind: &Kind, parameters: &[(String, Spec)], constraints: &[Constraint]| {
        points(kind, parameters, constraints, 1)
            .expect_err("cannot be laid")
            .to_string()
    };
    let random = Kind::Random { points: 100 };
    assert!(error(&random, &[], &[]).contains("no parameter varies"));
    let text = error(
        &random,
        &[uniform("a", 0.0, 1.0), uniform("a", 0.0, 2.0)],
        &[],
    );
    assert!(text.contains("`a` appears twice"), "{text}");
    assert!(error(&Kind::Random { points: 0 }, &three(), &[]).contains("0 points"));
    let text = error(&random, &[levels("a", &[1.0])], &[]);
    assert!(
        text.contains("`a` needs a distribution") && text.contains("random"),
        "{text}"
    );
    let text = error(&Kind::Grid {}, &three(), &[]);
    assert!(text.contains("`a` needs levels"), "{text}");
    let text = error(&random, &[uniform("a", 1.0, 0.0), levels("b", &[])], &[]);
    assert!(
        text.contains("`a`: max 0 is not above min 1\n`b`: levels is empty"),
        "{text}"
    );
    let text = error(&random, &three(), &constraint("a < x.y"));
    assert!(text.contains("`a < x.y` names `x.y`"), "{text}");
    let text = error(&random, &three(), &constraint("1 / (a - a) > d"));
    assert!(
        text.contains("at a = 0.") && text.contains("/ 0 is not a finite number"),
        "{text}"
    );
    let text = error(&Kind::Random { points: u32::MAX }, &three(), &[]);
    assert!(
        text.contains("4294967295 points") && text.contains("at most 1000000"),
        "{text}"
    );
    let text = error(
        &Kind::Saltelli {
            base_points: u32::MAX,
            second_order: true,
        },
        &three(),
        &[],
    );
    assert!(text.contains("base_points × 8"), "{text}");
    let text = error(
        &Kind::LatinHypercube {
            points: 10_001,
            maximin: true,
        },
        &three(),
        &[],
    );
    assert!(text.contains("maximin") && text.contains("10000"), "{text}");
    for levels in [0, 3, 1002] {
        let text = error(
            &Kind::Morris {
                trajectories: 1,
                levels,
            },
            &three(),
            &[],
        );
        assert!(text.contains("an even number"), "{text}");
    }
    let endless = Spec::Distribution {
        distribution: Distribution::Normal {
            mean: 0.0,
            sd: 1.0,
            min: Some(0.0),
            max: None,
        },
        whole: false,
    };
    let kind = Kind::Morris {
        trajectories: 1,
        levels: 4,
    };
    let text = error(&kind, &[("a".to_owned(), endless)], &[]);
    assert!(text.contains("give min and max"), "{text}");
    let many: Vec<_> = (0..501)
        .map(|i| uniform(&format!("p{i}"), 0.0, 1.0))
        .collect();
    let kind = Kind::Saltelli {
        base_points: 1,
        second_order: false,
    };
    let text = error(&kind, &many, &[]);
    assert!(
        text.contains("1002 columns") && text.contains("1000"),
        "{text}"
    );
}

#[test]
fn constraints_that_leave_too_little_are_told_with_their_share() {
    for kind in kinds(50) {
        let error = points(&kind, &three(), &constraint("a < 0.0001 and d < -0.999"), 1);
        let error = error.expect_err("far below 1 in 1000").to_string();
        assert!(
            error.contains("satisfy the constraints") && error.contains(" of "),
            "{error}"
        );
    }
    // One in 250 is enough.
    let narrow = constraint("a < 0.004");
    for kind in [
        Kind::Random { points: 30 },
        Kind::Sobol { points: 30 },
        Kind::LatinHypercube {
            points: 30,
            maximin: false,
        },
    ] {
        assert_eq!(
            points(&kind, &three(), &narrow, 1).expect("enough").len(),
            30
        );
    }
}

#[test]
fn lists_are_taken_as_they_are_or_all_wrong_rows_told() {
    let row = |a: f64, b: f64| vec![Level::Number(a), Level::Number(b)];
    let rows = vec![row(1.0, 2.0), row(0.0, 0.5)];
    let found = listed(&["a", "b"], rows.clone(), &constraint("a < b")).expect("both hold");
    assert_eq!(
        found
            .iter()
            .map(|point| point.values.clone())
            .collect::<Vec<_>>(),
        rows
    );
    let rows = vec![row(1.0, 2.0), row(3.0, 2.0), vec![], row(4.0, 4.0)];
    let error = listed(&["a", "b"], rows, &constraint("a < b")).expect_err("three are wrong");
    assert_eq!(
        error.to_string(),
        "row 2: `a < b` does not hold: a = 3, b = 2\n\
         row 3: has 0 values for 2 parameters\n\
         row 4: `a < b` does not hold: a = 4, b = 4"
    );
    assert!(listed(&["a"], vec![], &[]).is_err());
}

#[test]
fn a_plan_is_read_and_cautioned() {
    let read = |text: &str| toml::from_str::<Kind>(text);
    let kind = read("kind = \"saltelli\"\nbase_points = 1000").expect("reads");
    assert_eq!(
        kind,
        Kind::Saltelli {
            base_points: 1000,
            second_order: false
        }
    );
    assert!(read("kind = \"grid\"").is_ok());
    assert!(read("kind = \"random\"").is_err());
    let cautions = kind.cautions(&constraint("a < b"));
    let cautions: Vec<String> = cautions.iter().map(Text::to_string).collect();
    assert!(
        cautions[0].contains("512 or 1024 instead of 1000"),
        "{cautions:?}"
    );
    assert!(cautions[1].contains("independent"), "{cautions:?}");
    assert!(Kind::Sobol { points: 64 }.cautions(&[]).is_empty());
}
