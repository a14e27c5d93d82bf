//! Where a map is cut open: in the widest stretch of longitudes in which no place lies. For places on both sides of
//! the date line that is elsewhere than at 180°, and those west of the cut are shown past it.

use crate::scenario::tables::Place;

/// The cut of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seam {
    /// Longitudes below this lie past 180°.
    first: f64,
}

impl Seam {
    /// The cut of a map of these places: of its zones and regions.
    pub fn of(places: &[Place]) -> Self {
        let own = places.iter().filter(|place| place.kind.adopts());
        let mut longitudes: Vec<f64> = own.map(|place| place.lon).collect();
        longitudes.sort_by(f64::total_cmp);
        let (Some(west), Some(east)) = (longitudes.first(), longitudes.last()) else {
            return Self { first: -180.0 };
        };
        // Over the date line; another stretch must be wider.
        let mut widest = (west + 360.0 - east, -180.0);
        for pair in longitudes.windows(2) {
            if pair[1] - pair[0] > widest.0 {
                widest = (pair[1] - pair[0], pair[1]);
            }
        }
        Self { first: widest.1 }
    }

    /// The longitude at which a map shows one: it grows from its west end to its east end.
    pub fn shown(self, lon: f64) -> f64 {
        if lon < self.first { lon + 360.0 } else { lon }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tables::Kind;

    fn shown(longitudes: &[f64]) -> Vec<f64> {
        let scenario = crate::scenario::load("scenarios/minimal".as_ref(), &[], &[]).unwrap();
        let region = scenario
            .scenario
            .places
            .iter()
            .find(|p| p.kind == Kind::Region);
        let region = region.unwrap();
        let at = |lon: &f64| Place {
            lon: *lon,
            ..region.clone()
        };
        let places: Vec<Place> = longitudes.iter().map(at).collect();
        let seam = Seam::of(&places);
        longitudes.iter().map(|lon| seam.shown(*lon)).collect()
    }

    #[test]
    fn a_map_is_cut_where_no_place_lies() {
        // Fiji; Chukotka; a country that does not reach the date line; both sides of Greenwich; one place; none.
        assert_eq!(shown(&[178.4, -179.9, 177.4]), [178.4, 180.1, 177.4]);
        assert_eq!(shown(&[130.0, 170.0, -172.0]), [130.0, 170.0, 188.0]);
        assert_eq!(shown(&[116.8, 121.4]), [116.8, 121.4]);
        assert_eq!(shown(&[-3.0, 2.0, 10.0]), [-3.0, 2.0, 10.0]);
        assert_eq!(shown(&[-179.0]), [-179.0]);
        assert_eq!(shown(&[]), [0.0; 0]);
        // A world all around keeps its cut at the date line.
        assert_eq!(shown(&[-120.0, 0.0, 120.0]), [-120.0, 0.0, 120.0]);
    }
}
