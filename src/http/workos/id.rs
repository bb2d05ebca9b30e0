//! Ids as WorkOS writes them: a word for the type and a ULID (<https://github.com/ulid/spec>), which has as many bits as
//! a UUID and the time in the same place. So each is the other in another spelling, and nothing has to be remembered.

use uuid::Uuid;

/// Crockford's: without I, L, O and U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a ULID.
const LENGTH: usize = 26;

pub(super) const USER: &str = "user";
pub(super) const ORGANIZATION: &str = "org";
pub(super) const MEMBERSHIP: &str = "om";
pub(super) const DOMAIN: &str = "org_domain";
pub(super) const ROLE: &str = "role";
pub(super) const PERMISSION: &str = "perm";
pub(super) const SESSION: &str = "session";
pub(super) const FACTOR: &str = "auth_factor";
pub(super) const CHALLENGE: &str = "auth_challenge";
pub(super) const VERIFICATION: &str = "email_verification";
pub(super) const MAGIC: &str = "magic_auth";
pub(super) const RESET: &str = "password_reset";
pub(super) const INVITATION: &str = "invitation";
pub(super) const ENDPOINT: &str = "we";

/// An id of ours in the spelling of theirs. One that is no UUID stays as it is behind the word.
pub(super) fn show(word: &str, id: &str) -> String {
    match Uuid::parse_str(id).ok().filter(|uuid| uuid.to_string() == id) {
        Some(uuid) => format!("{word}_{}", ulid(uuid)),
        None => format!("{word}_{id}"),
    }
}

/// An id in whatever spelling, as one of ours: a ULID with the word or without, in either case, or a UUID.
pub(super) fn read(word: &str, text: &str) -> Option<String> {
    let bare = text.strip_prefix(word).and_then(|rest| rest.strip_prefix('_'));
    let text = bare.unwrap_or(text);
    if let Some(uuid) = of_ulid(text).or_else(|| Uuid::parse_str(text).ok()) {
        return Some(uuid.to_string());
    }
    bare.filter(|id| crate::search::shape::is_id(id)).map(str::to_owned)
}

/// The digits of a number of 128 bits, five bits each, of the first three.
pub(super) fn ulid(uuid: Uuid) -> String {
    let number = uuid.as_u128();
    let digit = |place: usize| {
        let five = (number >> (5 * (LENGTH - 1 - place))) & 31;
        char::from(DIGITS[usize::try_from(five).unwrap_or_default()])
    };
    (0..LENGTH).map(digit).collect()
}

fn of_ulid(text: &str) -> Option<Uuid> {
    // Of the first digit three bits count; more would be no number of 128 bits.
    if text.len() != LENGTH || !text.starts_with(|first: char| ('0'..='7').contains(&first)) {
        return None;
    }
    let mut number: u128 = 0;
    for byte in text.bytes() {
        let digit = DIGITS.iter().position(|digit| *digit == byte.to_ascii_uppercase())?;
        number = number << 5 | u128::try_from(digit).ok()?;
    }
    Some(Uuid::from_u128(number))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{LENGTH, of_ulid, read, show, ulid};

    #[test]
    fn every_uuid_is_one_ulid_and_comes_back() {
        // The example of the specification, and the ends.
        assert_eq!(ulid(Uuid::nil()), "0".repeat(LENGTH));
        assert_eq!(ulid(Uuid::max()), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
        let known = Uuid::from_u128(0x01563E3AB5D3D6764C61EFB99302BD5B);
        assert_eq!(ulid(known), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
        for _ in 0..20_000 {
            let uuid = Uuid::from_u128(rand::random());
            let text = ulid(uuid);
            assert_eq!(text.len(), LENGTH);
            assert_eq!(of_ulid(&text), Some(uuid));
            assert_eq!(of_ulid(&text.to_lowercase()), Some(uuid));
        }
    }

    #[test]
    fn the_order_of_uuids_is_that_of_ulids() {
        for _ in 0..20_000 {
            let (one, other) = (Uuid::from_u128(rand::random()), Uuid::from_u128(rand::random()));
            assert_eq!(one.cmp(&other), ulid(one).cmp(&ulid(other)));
        }
    }

    #[test]
    fn every_spelling_is_read_and_nothing_else() {
        let id = "0193b1a2-7c3d-7e4f-8a5b-6c7d8e9fa0b1";
        let shown = show("user", id);
        assert!(shown.starts_with("user_") && shown.len() == 5 + LENGTH);
        for spelling in [shown.as_str(), &shown[5..], &shown[5..].to_lowercase(), id, &format!("user_{id}")] {
            assert_eq!(read("user", spelling).as_deref(), Some(id), "{spelling}");
        }
        assert_eq!(show("user", "smith.john"), "user_smith.john");
        assert_eq!(read("user", "user_smith.john").as_deref(), Some("smith.john"));
        for wrong in ["", "user", "user_", "org_x/y", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "user_a b"] {
            assert_eq!(read("user", wrong), None, "{wrong}");
        }
    }
}
