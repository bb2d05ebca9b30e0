//! What people in healthcare do: specialties, job titles, and the groups they work in.

/// A clinical specialty, in SNOMED CT and in plain words.
pub struct Specialty {
    pub code: &'static str,
    pub name: &'static str,
    pub doctor: &'static str,
}

const fn specialty(code: &'static str, name: &'static str, doctor: &'static str) -> Specialty {
    Specialty { code, name, doctor }
}

/// The common ones come first.
pub const SPECIALTIES: &[Specialty] = &[
    specialty("394814009", "General practice", "General practitioner"),
    specialty("394802001", "General medicine", "Internist"),
    specialty("394537008", "Paediatrics", "Paediatrician"),
    specialty("394585009", "Obstetrics and gynaecology", "Gynaecologist"),
    specialty("394587001", "Psychiatry", "Psychiatrist"),
    specialty("394577000", "Anaesthetics", "Anaesthetist"),
    specialty("394579002", "Cardiology", "Cardiologist"),
    specialty("394801008", "Trauma and orthopaedics", "Orthopaedic surgeon"),
    specialty("394914008", "Radiology", "Radiologist"),
    specialty("394582007", "Dermatology", "Dermatologist"),
    specialty("394591006", "Neurology", "Neurologist"),
    specialty("394594003", "Ophthalmology", "Ophthalmologist"),
    specialty("394584008", "Gastroenterology", "Gastroenterologist"),
    specialty("394592004", "Clinical oncology", "Oncologist"),
    specialty("394604002", "Ear, nose and throat surgery", "ENT surgeon"),
    specialty("394612005", "Urology", "Urologist"),
    specialty("394811001", "Geriatric medicine", "Geriatrician"),
    specialty("394583002", "Endocrinology", "Endocrinologist"),
    specialty("394589003", "Nephrology", "Nephrologist"),
    specialty("394915009", "Pathology", "Pathologist"),
];

/// Jobs that are not a doctor's; the common ones come first.
pub const JOBS: &[&str] = &[
    "Registered nurse",
    "Medical receptionist",
    "Healthcare assistant",
    "Ward manager",
    "Physiotherapist",
    "Pharmacist",
    "Laboratory technician",
    "Midwife",
    "Radiographer",
    "Medical secretary",
    "Social worker",
    "Billing clerk",
    "Occupational therapist",
    "Dietitian",
    "Paramedic",
    "Speech therapist",
    "System administrator",
    "Data protection officer",
    "Head of nursing",
    "Chief medical officer",
];

pub const TEAMS: &[&str] =
    &["day shift", "night shift", "on-call rota", "ward round", "quality circle", "research group"];
