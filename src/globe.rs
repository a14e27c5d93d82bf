//! Distances on the globe.
//!
//! A place is kept as its point on the unit sphere. With c the straight chord between two such
//! points, the haversine of the angle between them is c²/4, so the great-circle distance is
//! 2·R·asin(c/2): the haversine formula without trigonometry per pair. The formula is symmetric bit
//! for bit, and exactly 0 for equal coordinates.

/// Mean Earth radius R1 of the IUGG, in km.
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// A point on the globe, as a unit vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot(pub(crate) [f64; 3]);

impl Spot {
    /// The point at `lon` degrees east and `lat` degrees north.
    pub fn new(lon: f64, lat: f64) -> Self {
        let (sin_lon, cos_lon) = libm::sincos(lon.to_radians());
        let (sin_lat, cos_lat) = libm::sincos(lat.to_radians());
        Self([cos_lat * cos_lon, cos_lat * sin_lon, sin_lat])
    }

    /// Great-circle distance in km.
    pub fn km_to(self, other: Self) -> f64 {
        let [x, y, z] = self.0;
        let [u, v, w] = other.0;
        km_of_chord((x - u) * (x - u) + (y - v) * (y - v) + (z - w) * (z - w))
    }
}

/// Great-circle distance in km that belongs to a squared chord of the unit sphere.
pub(crate) fn km_of_chord(squared: f64) -> f64 {
    2.0 * EARTH_RADIUS_KM * libm::asin((squared.sqrt() / 2.0).min(1.0))
}

/// Great-circle distance in km between two points given in degrees.
pub fn great_circle_km(lon_a: f64, lat_a: f64, lon_b: f64, lat_b: f64) -> f64 {
    Spot::new(lon_a, lat_a).km_to(Spot::new(lon_b, lat_b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_by_hand() {
        assert!((great_circle_km(116.4074, 39.9042, 121.4737, 31.2304) - 1067.0).abs() < 1.0);
        let quarter = std::f64::consts::FRAC_PI_2 * EARTH_RADIUS_KM;
        assert!((great_circle_km(0.0, 0.0, 90.0, 0.0) - quarter).abs() < 1e-9);
        assert!((great_circle_km(30.0, 90.0, -170.0, 0.0) - quarter).abs() < 1e-9);
        assert!((great_circle_km(10.0, 20.0, -170.0, -20.0) - 2.0 * quarter).abs() < 1e-3);
        assert!(great_circle_km(180.0, 10.0, -180.0, 10.0) < 1e-9);
        // One thousandth of a degree of a meridian is 111.195 m.
        assert!((great_circle_km(5.0, 50.0, 5.0, 50.001) - 0.111_195_08).abs() < 1e-8);
        assert_eq!(great_circle_km(7.3, 4.1, 7.3, 4.1), 0.0);
        let there = great_circle_km(7.3, 4.1, -99.0, 61.0);
        let back = great_circle_km(-99.0, 61.0, 7.3, 4.1);
        assert_eq!(there.to_bits(), back.to_bits());
    }
}
