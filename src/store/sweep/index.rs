//! The runs of a sweep in the order of its tables: by point, then layout, then replicate.

/// A run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunKey {
    /// Position of its point among the distinct points of the design.
    pub point: u32,
    /// Position of its layout.
    pub layout: u16,
    /// Its replicate.
    pub replicate: u32,
}

/// A point of the design.
#[derive(Clone, Debug, PartialEq)]
pub struct PointRow {
    /// Its id: the first 16 hexadecimal digits of the SHA-256 of its settings.
    pub id: String,
    /// What it sets: `key=value`, in the order of the plan's parameters.
    pub settings: Vec<String>,
}

/// Numbers all runs and finds them by their names.
#[derive(Clone, Debug)]
pub struct Index {
    points: Vec<PointRow>,
    /// Positions in `points`, by id.
    by_id: Vec<u32>,
    layouts: Vec<String>,
    replicates: u32,
}

impl Index {
    /// Of distinct points.
    pub fn new(points: Vec<PointRow>, layouts: Vec<String>, replicates: u32) -> Self {
        let mut by_id: Vec<u32> = (0..points.len() as u32).collect();
        by_id.sort_unstable_by_key(|&at| &points[at as usize].id);
        Self {
            points,
            by_id,
            layouts,
            replicates,
        }
    }

    /// Number of runs.
    pub fn len(&self) -> usize {
        self.points.len() * self.layouts.len() * self.replicates as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The distinct points.
    pub fn points(&self) -> &[PointRow] {
        &self.points
    }

    /// Names of the layouts.
    pub fn layouts(&self) -> &[String] {
        &self.layouts
    }

    /// Replicates of each point and layout.
    pub fn replicates(&self) -> u32 {
        self.replicates
    }

    /// Position of a run.
    pub fn at(&self, key: RunKey) -> usize {
        let pair = key.point as usize * self.layouts.len() + usize::from(key.layout);
        pair * self.replicates as usize + key.replicate as usize
    }

    /// The run at a position.
    pub fn key(&self, at: usize) -> RunKey {
        let (pair, replicate) = (
            at / self.replicates.max(1) as usize,
            at % self.replicates.max(1) as usize,
        );
        let layouts = self.layouts.len().max(1);
        RunKey {
            point: (pair / layouts) as u32,
            layout: (pair % layouts) as u16,
            replicate: replicate as u32,
        }
    }

    /// Position of the run of these names; none when it is not one of the sweep.
    pub fn find(&self, point: &str, layout: &str, replicate: u32) -> Option<usize> {
        let point = self
            .by_id
            .binary_search_by_key(&point, |&at| &self.points[at as usize].id)
            .ok()?;
        let layout = self.layouts.iter().position(|name| name == layout)?;
        (replicate < self.replicates).then(|| {
            self.at(RunKey {
                point: self.by_id[point],
                layout: layout as u16,
                replicate,
            })
        })
    }

    /// The names of the run at a position.
    pub fn names(&self, key: RunKey) -> (&str, &str) {
        (
            &self.points[key.point as usize].id,
            &self.layouts[usize::from(key.layout)],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_by_their_names_whatever_the_order_of_points() {
        let point = |id: &str| PointRow {
            id: id.to_owned(),
            settings: Vec::new(),
        };
        let points = vec![point("c"), point("a"), point("b")];
        let index = Index::new(points, vec!["x".into(), "y".into()], 3);
        assert_eq!(index.len(), 18);
        for at in 0..index.len() {
            let key = index.key(at);
            assert_eq!(index.at(key), at);
            let (point, layout) = index.names(key);
            assert_eq!(index.find(point, layout, key.replicate), Some(at));
        }
        assert_eq!(index.find("d", "x", 0), None);
        assert_eq!(index.find("a", "z", 0), None);
        assert_eq!(index.find("a", "x", 3), None);
    }
}
