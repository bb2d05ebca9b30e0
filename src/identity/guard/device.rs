//! A browser that somebody has signed in from before: it holds a name and the proof that the name was given out for
//! that account (<https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies>).

use uuid::Uuid;

use crate::identity::factor::Seal;

pub(super) fn fresh(seal: &Seal, account: &str) -> String {
    let name = Uuid::new_v4().simple().to_string();
    format!("{name}.{}", seal.derive(&["device", account, &name]))
}

pub(super) fn is_known(seal: &Seal, account: &str, device: &str) -> bool {
    device.split_once('.').is_some_and(|(name, proof)| seal.derived(&["device", account, name], proof))
}
