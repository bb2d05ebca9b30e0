//! As much of DER (<https://www.itu.int/rec/T-REC-X.690>) as a key of RSA and its certificate take
//! (<https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1>, <https://www.rfc-editor.org/rfc/rfc5280#section-4.1>).

const SEQUENCE: u8 = 0x30;
/// sha256WithRSAEncryption and rsaEncryption, each with no parameters.
const SIGNATURE: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 11, 5, 0];
const ENCRYPTION: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
/// commonName.
const NAME: [u8; 5] = [6, 3, 0x55, 4, 3];
/// It says whose the key is to nobody but who reads a certificate for it; so it is good as long as the key is.
const FROM: &[u8] = b"20200101000000Z";
const UNTIL: &[u8] = b"21000101000000Z";

fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => bytes.push(short),
        _ => {
            let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            bytes.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
            bytes.extend(digits);
        }
    }
    bytes.extend(content);
    bytes
}

pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    value(SEQUENCE, &parts.concat())
}

/// A number without a sign, from its bytes.
pub(super) fn integer(bytes: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    if digits.first().is_none_or(|first| *first >= 0x80) {
        digits.insert(0, 0);
    }
    value(2, &digits)
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    value(3, &[&[0], bytes].concat())
}

fn name() -> Vec<u8> {
    let pair = sequence(&[NAME.to_vec(), value(0x0c, b"Roster")]);
    sequence(&[value(0x31, &pair)])
}

/// What is signed of a certificate for the key of these two numbers.
pub(super) fn unsigned_certificate(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let key = sequence(&[modulus.to_vec(), exponent.to_vec()]);
    let period = sequence(&[value(0x18, FROM), value(0x18, UNTIL)]);
    let version = value(0xa0, &integer(&[2]));
    let public = sequence(&[ENCRYPTION.to_vec(), bits(&key)]);
    sequence(&[version, integer(&[1]), SIGNATURE.to_vec(), name(), period, name(), public])
}

pub(super) fn certificate(unsigned: &[u8], signature: &[u8]) -> Vec<u8> {
    sequence(&[unsigned.to_vec(), SIGNATURE.to_vec(), bits(signature)])
}
