//! Places on the globe: <https://hl7.org/fhir/R4/location.html#search>, `near=latitude|longitude|distance|unit`.
//!
//! A place is a point on a sphere, in whole hundred-millionths of its radius (6 cm): nearness is the length of
//! a straight line between two points, in whole numbers, which every database squares alike.

use serde_json::Value;

use super::{Entries, Found, bad_value, quoted};
use crate::error::Issue;
use crate::search::{EntryValue, Facet, Part, Test, escape};

const SCALE: f64 = 1e8;
/// Metres.
const RADIUS: f64 = 6_371_008.8;
/// Metres, where no distance is asked.
const USUAL: f64 = 50_000.0;
const UNITS: [(&str, f64); 8] = [
    ("km", 1_000.0),
    ("m", 1.0),
    ("[mi_i]", 1_609.344),
    ("mi", 1_609.344),
    ("[mi_us]", 1_609.347_2),
    ("[nmi_i]", 1_852.0),
    ("[ft_i]", 0.3048),
    ("cm", 0.01),
];

pub fn index(found: &Found, entries: &mut Entries) {
    let number = |name: &str| found.json.get(name).and_then(Value::as_f64);
    if let (Some(latitude), Some(longitude)) = (number("latitude"), number("longitude"))
        && let Some([x, y, z]) = point(latitude, longitude)
    {
        let value = Part { low: x, high: y, qualifier: z, value: String::new(), tuple: 0, part: 0 };
        entries.add(Facet::Value, EntryValue::Part(value));
    }
}

/// Degrees to a point on the sphere.
fn point(latitude: f64, longitude: f64) -> Option<[i64; 3]> {
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return None;
    }
    let (latitude, longitude) = (latitude.to_radians(), longitude.to_radians());
    let around = latitude.cos();
    let scaled = |part: f64| (part * SCALE).round() as i64;
    Some([scaled(around * longitude.cos()), scaled(around * longitude.sin()), scaled(latitude.sin())])
}

pub fn ask(value: &str) -> Result<Vec<Test>, Issue> {
    let wrong = || {
        bad_value(format!(
            "{} is no place: give `latitude|longitude|distance|unit`, in degrees, the unit one of {}",
            quoted(value),
            UNITS.map(|(name, _)| name).join(", ")
        ))
    };
    let pieces: Vec<_> = escape::split(value, '|').into_iter().map(escape::unescape).collect();
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let (Some(latitude), Some(longitude)) = (pieces.first(), pieces.get(1)) else { return Err(wrong()) };
    let (latitude, longitude) = number(latitude).zip(number(longitude)).ok_or_else(wrong)?;
    let at = point(latitude, longitude).ok_or_else(wrong)?;
    let metres = match (pieces.get(2).filter(|text| !text.is_empty()), pieces.get(3), pieces.get(4)) {
        (_, _, Some(_)) => return Err(wrong()),
        (None, ..) => USUAL,
        (Some(distance), unit, None) => {
            let unit = unit.filter(|unit| !unit.is_empty()).map_or("km", |unit| unit.as_ref());
            let (_, metres) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
            number(distance).filter(|distance| *distance >= 0.0).ok_or_else(wrong)? * metres
        }
    };
    // The straight line under an arc; half way round is as far as it gets.
    let angle = (metres / RADIUS).min(std::f64::consts::PI);
    let reach = (2.0 * (angle / 2.0).sin() * SCALE).ceil() as i64;
    Ok(vec![Test::Near { at, reach }])
}
