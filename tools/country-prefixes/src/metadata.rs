//! The metadata that the crate `rlibphonenumber` carries, by calling code.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use prost::Message;
use rlibphonenumber::{NumberFormat, PhoneMetadataCollection, PhoneNumberDesc};

/// One region of a calling code, in the metadata's own regular expressions (each within `^(?:…)$`).
pub struct MetadataRegion {
    pub id: String,
    /// Whether the metadata has the region by the id of its entry in ISO 3166-1.
    pub is_entry: bool,
    pub main: bool,
    /// Numbers with this beginning belong to the region, in use or not.
    pub leading_digits: Vec<String>,
    pub fixed_line: Vec<String>,
    /// Patterns of complete national numbers in use. For a region that is not the main one, without
    /// the kinds that the regions of a code share (toll-free, premium, shared cost).
    pub numbers: Vec<String>,
    /// The toll-free and premium numbers among them.
    pub special: Vec<String>,
    /// Fixed lines and mobiles.
    pub subscribers: Vec<String>,
    /// The possible lengths of a national number, without short numbers that are only dialed
    /// locally.
    pub lengths: Vec<u32>,
    /// Patterns of complete national numbers in use, of every kind.
    pub kinds: Vec<String>,
    pub dialing: Dialing,
    pub formats: Vec<WrittenForm>,
}

/// What is dialed before numbers.
pub struct Dialing {
    /// A pattern of the prefixes before a country's code.
    pub international: String,
    /// What is dialed before national numbers, if anything is.
    pub national: Option<String>,
    /// A pattern of what may stand before a national number, and what its groups become.
    pub for_parsing: String,
    pub transform: String,
}

/// How some national numbers are written in their country.
pub struct WrittenForm {
    /// A pattern of their first digits; empty for any.
    pub leading_digits: String,
    /// A pattern of the complete number.
    pub pattern: String,
    /// Whether they are written with the national prefix.
    pub with_prefix: bool,
}

/// The metadata's name for the region of a code that belongs to no country.
pub const NO_COUNTRY: &str = "001";

/// The regions of each calling code.
pub type Codes = BTreeMap<i32, Vec<MetadataRegion>>;

/// The name of the metadata, and the regions of each calling code, the main one first, in the order
/// in which the library asks them. The region of a code that belongs to no country (`+800`, `+883`
/// …) is `001`.
pub fn read() -> Result<(String, Codes), Box<dyn std::error::Error>> {
    let (package, folder) = package()?;
    let version = format!("{package}, {}", metadata_version(&std::fs::read_to_string(folder.join("Readme.md"))?)?);
    let bytes = std::fs::read(folder.join("src/generated/metadata/metadata.bin"))?;
    let collection = PhoneMetadataCollection::decode(bytes.as_slice())?;
    let mut codes = Codes::new();
    for metadata in collection.metadata {
        let code = metadata.country_code.ok_or("a region without a calling code")?;
        codes.entry(code).or_default().push(region(metadata));
    }
    for regions in codes.values_mut() {
        regions.sort_by_key(|region| !region.main);
    }
    Ok((version, codes))
}

/// The version of the metadata, from the crate's readme: "Used metadata version:** `v9.0.42`".
fn metadata_version(readme: &str) -> Result<&str, &'static str> {
    let (_, after) = readme.split_once("Used metadata version").ok_or("the crate no longer states its metadata")?;
    after.split('`').nth(1).ok_or("the crate no longer states its metadata")
}

/// The metadata has its own codes for parts of one entry of ISO 3166-1: Ascension and Tristan da
/// Cunha belong to `SH`.
fn iso_entry(id: String) -> String {
    if ["AC", "TA"].contains(&id.as_str()) { "SH".to_owned() } else { id }
}

// The crate deprecates these fields in favour of wrappers, which it does not export.
#[expect(deprecated, reason = "the plain fields are the only way to the patterns from outside the crate")]
fn region(metadata: rlibphonenumber::PhoneMetadata) -> MetadataRegion {
    let pattern = |desc: &Option<PhoneNumberDesc>| {
        desc.as_ref().and_then(|desc| desc.national_number_pattern.clone()).filter(|pattern| !pattern.is_empty())
    };
    let lengths = metadata.general_desc.as_ref().map(|desc| desc.possible_length.clone()).unwrap_or_default();
    let own = [
        &metadata.fixed_line,
        &metadata.mobile,
        &metadata.personal_number,
        &metadata.voip,
        &metadata.pager,
        &metadata.uan,
        &metadata.voicemail,
    ];
    let common = [&metadata.toll_free, &metadata.premium_rate, &metadata.shared_cost];
    let main = metadata.main_country_for_code();
    let kinds = own.into_iter().chain(common.into_iter().filter(|_| main));
    let every = own.into_iter().chain(common);
    let leading = metadata.leading_digits.iter().filter(|digits| !digits.is_empty());
    MetadataRegion {
        main,
        is_entry: iso_entry(metadata.id.clone()) == metadata.id,
        kinds: every.filter_map(pattern).collect(),
        dialing: Dialing {
            international: metadata.international_prefix.clone().unwrap_or_default(),
            national: metadata.national_prefix.clone().filter(|prefix| !prefix.is_empty()),
            for_parsing: metadata.national_prefix_for_parsing.clone().unwrap_or_default(),
            transform: metadata.national_prefix_transform_rule.clone().unwrap_or_default(),
        },
        formats: metadata.number_format.iter().map(|form| written_form(form, metadata.national_prefix())).collect(),
        numbers: kinds.filter_map(pattern).collect(),
        special: [&metadata.toll_free, &metadata.premium_rate].into_iter().filter_map(pattern).collect(),
        subscribers: [&metadata.fixed_line, &metadata.mobile].into_iter().filter_map(pattern).collect(),
        lengths: lengths.into_iter().filter_map(|length| u32::try_from(length).ok()).collect(),
        fixed_line: pattern(&metadata.fixed_line).into_iter().collect(),
        leading_digits: leading.map(|digits| format!("(?:{digits})[0-9]*")).collect(),
        id: iso_entry(metadata.id),
    }
}

#[expect(deprecated, reason = "the plain fields are the only way to the patterns from outside the crate")]
fn written_form(form: &NumberFormat, national: &str) -> WrittenForm {
    let rule = form.national_prefix_formatting_rule();
    // The rule is a text with `$1` for the number's first group: `0$1`, `(0$1)`, `$NP $FG`.
    let with_prefix = !national.is_empty()
        && (rule.contains("$NP") || rule.split('$').next().is_some_and(|before| before.contains(national)));
    WrittenForm {
        leading_digits: form.leading_digits_pattern.last().cloned().unwrap_or_default(),
        pattern: form.pattern.clone(),
        with_prefix: with_prefix && !form.national_prefix_optional_when_formatting(),
    }
}

/// The name and version of the `rlibphonenumber` that this tool is built with, and the folder of
/// its source.
fn package() -> Result<(String, PathBuf), Box<dyn std::error::Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--locked", "--format-version", "1", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()?;
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = answer["packages"].as_array().ok_or("cargo lists no packages")?;
    let package =
        packages.iter().find(|package| package["name"] == "rlibphonenumber").ok_or("rlibphonenumber is missing")?;
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap_or_default());
    let folder = manifest.parent().ok_or("rlibphonenumber has no folder")?;
    Ok((format!("rlibphonenumber {}", package["version"].as_str().unwrap_or_default()), folder.to_owned()))
}
