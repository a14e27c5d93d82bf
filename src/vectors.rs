//! For tests that a function which is compiled for several instruction sets gives the same bits with each.
//!
//! Such a function is written once, in plain, as `name_plain`, which is always inlined; `name` is that under
//! [`multiversion::multiversion`], which chooses the instructions while the program runs.

/// The versions of `|arguments| -> result { body }` for the instruction sets that are used anywhere and that
/// this processor has, with their names; without any comes first.
macro_rules! versions {
    ($(for<$life:lifetime>)? |$($argument:ident: $type:ty),+| $(-> $result:ty)? $body:block) => {{
        #[allow(unused_braces)]
        #[multiversion::multiversion(targets("x86_64+sse4.1"))]
        fn sse4$(<$life>)?($($argument: $type),+) $(-> $result)? $body
        #[allow(unused_braces)]
        #[multiversion::multiversion(targets("x86_64+avx2"))]
        fn avx2$(<$life>)?($($argument: $type),+) $(-> $result)? $body
        #[allow(unused_braces)]
        #[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512vl"))]
        fn avx512_of_words$(<$life>)?($($argument: $type),+) $(-> $result)? $body
        #[allow(unused_braces)]
        #[multiversion::multiversion(targets("x86_64+avx512f+avx512dq+avx512vl"))]
        fn avx512$(<$life>)?($($argument: $type),+) $(-> $result)? $body
        #[allow(unused_braces)]
        fn plain$(<$life>)?($($argument: $type),+) $(-> $result)? $body
        let all: [(&str, $(for<$life>)? fn($($type),+) $(-> $result)?); 5] = [
            ("none", plain),
            ("sse4.1", sse4),
            ("avx2", avx2),
            ("avx512 bw", avx512_of_words),
            ("avx512 dq", avx512),
        ];
        all.into_iter().filter(|(name, _)| $crate::vectors::here(name))
    }};
}
pub(crate) use versions;

/// Whether this processor has an instruction set of [`versions`].
pub(crate) fn here(name: &str) -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        let vectors = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl");
        match name {
            "sse4.1" => is_x86_feature_detected!("sse4.1"),
            "avx2" => is_x86_feature_detected!("avx2"),
            "avx512 bw" => vectors && is_x86_feature_detected!("avx512bw"),
            "avx512 dq" => vectors && is_x86_feature_detected!("avx512dq"),
            _ => name == "none",
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        name == "none"
    }
}

/// Whole numbers for tests.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 random bits (SplitMix64; Steele, Lea and Flood 2014).
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    /// One of these.
    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[(self.bits() % choices.len() as u64) as usize]
    }
}

/// Each function that is compiled for several instruction sets is compared, and each set is compared.
#[test]
fn every_such_function_is_compared() {
    fn look(folder: &std::path::Path, text: &mut String) {
        let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
        while let Some(Ok(entry)) = entries.pop() {
            let path = entry.path();
            if path.is_dir() {
                look(&path, text);
            } else if path.file_name().is_some_and(|name| name != "vectors.rs") {
                text.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut text = String::new();
    look(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut text,
    );
    let heads: Vec<&str> = text.split("#[multiversion(targets(").skip(1).collect();
    assert!(heads.len() >= 8);
    let sets = [
        "x86_64+sse4.1",
        "x86_64+avx2",
        "x86_64+avx512f+avx512bw+avx512vl",
        "x86_64+avx512f+avx512dq+avx512vl",
    ];
    for head in heads {
        let (targets, rest) = head.split_once("))]").unwrap();
        for target in targets.split(", ") {
            assert!(sets.contains(&target.trim_matches('"')), "{target}");
        }
        let (_, name) = rest.split_once("fn ").unwrap();
        let name = name.split(['(', '<']).next().unwrap();
        // Its definition, its call, and that in `versions!`.
        let count = text.matches(&format!("{name}_plain(")).count()
            + text.matches(&format!("{name}_plain<")).count();
        assert!(count >= 3, "{name}_plain: {count}");
    }
}
