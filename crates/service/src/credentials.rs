//! Tokens: how they are made, read and compared, and what their scopes allow. Pure: randomness is
//! an argument.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The bytes of a secret. 256 random bits make one round of SHA-256 as safe as a slow hash.
pub const SECRET_BYTES: usize = 32;

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `ak_…`: an organization.
    Organization,
    /// `pat_…`: a user.
    User,
}

impl TokenKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Organization, Self::User];

    /// The beginning of such tokens.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Organization => "ak_",
            Self::User => "pat_",
        }
    }
}

/// A token as its holder has it: `ak_<id>.<secret>`. Only [`Token::reveal`] shows the secret;
/// `Debug` masks it.
#[derive(Clone)]
pub struct Token {
    kind: TokenKind,
    id: String,
    secret: String,
}

impl Token {
    /// The token of the key with this id. `randomness` must come from the operating system and be
    /// used only here.
    pub fn new(kind: TokenKind, id: impl fmt::Display, randomness: [u8; SECRET_BYTES]) -> Self {
        Self { kind, id: id.to_string(), secret: URL_SAFE_NO_PAD.encode(randomness) }
    }

    /// Reads a token; `None` for malformed text. A well-formed token may still be unknown, expired
    /// or revoked.
    pub fn read(text: &str) -> Option<Self> {
        let (kind, rest) = TokenKind::ALL.iter().find_map(|kind| Some((*kind, text.strip_prefix(kind.prefix())?)))?;
        let (id, secret) = rest.split_once('.')?;
        let bytes = URL_SAFE_NO_PAD.decode(secret).ok()?;
        (!id.is_empty() && bytes.len() == SECRET_BYTES).then(|| Self { kind, id: id.into(), secret: secret.into() })
    }

    /// What the token stands for.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The id of its key, which is not secret.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The complete token with its secret, to be shown once to its holder.
    pub fn reveal(&self) -> String {
        format!("{}{}.{}", self.kind.prefix(), self.id, self.secret)
    }

    /// The hash of the secret, which is all that the store keeps of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.secret.as_bytes()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}.***", self.kind.prefix(), self.id)
    }
}

/// The SHA-256 of a token's secret. Comparison takes constant time.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// A hash that no token has. Comparing with it where there is no such key takes as long as
    /// comparing with a key's hash.
    pub const OF_NOTHING: Self = Self([0; 32]);

    /// The hash from its stored bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A permission of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Read the config, its revisions and switches; check and try a plan before it is saved.
    ReadConfigs,
    /// Write the config, its revisions and switches.
    ManageConfigs,
    /// Read switches, and turn them.
    ManageSwitches,
    /// Read the call log.
    ReadCalls,
    /// Read the call log, and erase calls in it.
    ManageCalls,
    /// Have calls decided.
    RouteCalls,
    /// Read agents and versions.
    ReadAgents,
    /// Write agents, and publish versions.
    ManageAgents,
    /// Read phone numbers.
    ReadNumbers,
    /// Register, assign and delete phone numbers.
    ManageNumbers,
    /// List, make and revoke the organization's keys.
    ManageKeys,
    /// Read the audit trail.
    ReadAudit,
}

impl Scope {
    /// All scopes, in the order in which lists show them.
    pub const ALL: [Self; 12] = [
        Self::ReadConfigs,
        Self::ManageConfigs,
        Self::ManageSwitches,
        Self::ReadCalls,
        Self::ManageCalls,
        Self::RouteCalls,
        Self::ReadAgents,
        Self::ManageAgents,
        Self::ReadNumbers,
        Self::ManageNumbers,
        Self::ManageKeys,
        Self::ReadAudit,
    ];

    /// The scope's name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadConfigs => "inbound_routing_configs:read",
            Self::ManageConfigs => "inbound_routing_configs:manage",
            Self::ManageSwitches => "inbound_routing_switches:manage",
            Self::ReadCalls => "inbound_calls:read",
            Self::ManageCalls => "inbound_calls:manage",
            Self::RouteCalls => "inbound_calls:route",
            Self::ReadAgents => "agents:read",
            Self::ManageAgents => "agents:manage",
            Self::ReadNumbers => "phone_numbers:read",
            Self::ManageNumbers => "phone_numbers:manage",
            Self::ManageKeys => "api_keys:manage",
            Self::ReadAudit => "audit:read",
        }
    }

    /// Whether a key with this scope may do what needs `needed`: `manage` includes `read`, and who
    /// may write the config may turn its switches.
    pub fn allows(self, needed: Self) -> bool {
        self == needed || self.includes().contains(&needed)
    }

    fn includes(self) -> &'static [Self] {
        match self {
            Self::ManageConfigs => &[Self::ReadConfigs, Self::ManageSwitches],
            Self::ManageCalls => &[Self::ReadCalls],
            Self::ManageAgents => &[Self::ReadAgents],
            Self::ManageNumbers => &[Self::ReadNumbers],
            Self::ReadConfigs
            | Self::ManageSwitches
            | Self::ReadCalls
            | Self::RouteCalls
            | Self::ReadAgents
            | Self::ReadNumbers
            | Self::ManageKeys
            | Self::ReadAudit => &[],
        }
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is not the name of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownScope {
    /// The scope with the most similar name, if one is similar enough.
    pub nearest: Option<Scope>,
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, UnknownScope> {
        let known = Self::ALL.into_iter().find(|scope| scope.name() == name);
        known.ok_or_else(|| {
            let nearest = callplan::suggest::nearest(name, Self::ALL.iter().map(|scope| scope.name()));
            UnknownScope { nearest: nearest.and_then(|near| Self::ALL.into_iter().find(|scope| scope.name() == near)) }
        })
    }
}

/// The scopes of a key.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// Whether one of these scopes allows what needs `needed`.
    pub fn allow(self, needed: Scope) -> bool {
        self.iter().any(|scope| scope.allows(needed))
    }

    /// Whether these scopes allow all that `others` allow. The maker of a key cannot give it more
    /// than they have.
    pub fn cover(self, others: Self) -> bool {
        others.iter().all(|scope| self.allow(scope))
    }

    /// The scopes in the set, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.0 & scope.bit() != 0)
    }

    /// The names of the scopes.
    pub fn names(self) -> Vec<String> {
        self.iter().map(|scope| scope.name().to_owned()).collect()
    }

    /// The scopes with these names. An unknown name, which a newer release may have stored, allows
    /// nothing.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(|name| name.parse::<Scope>().ok()).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Scope::name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";

    #[test]
    fn a_token_is_read_as_it_was_shown() {
        for kind in TokenKind::ALL {
            let token = Token::new(kind, ID, [0xfb; SECRET_BYTES]);
            let revealed = token.reveal();
            assert_eq!(revealed, format!("{}{ID}.-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s", kind.prefix()));
            let read = Token::read(&revealed).expect("a token");
            assert_eq!((read.kind(), read.id(), read.hash()), (kind, ID, token.hash()));
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        let good = Token::new(TokenKind::Organization, ID, [1; SECRET_BYTES]).reveal();
        let secret = good.rsplit('.').next().expect("a secret");
        for text in [
            String::new(),
            "ak_".into(),
            format!("sk_{ID}.{secret}"),
            format!("AK_{ID}.{secret}"),
            format!("ak_.{secret}"),
            format!("ak_{ID}.{}", &secret[1..]),
            format!("ak_{ID}.{secret}="),
            format!("ak_{ID}.x.{secret}"),
            format!("ak_{ID}.{}+", &secret[..42]),
            // Bits beyond the last byte: without this check, two texts would be the same secret.
            format!("ak_{ID}.{}F", &secret[..42]),
            format!(" {good}"),
            format!("ak_{ID}{secret}"),
        ] {
            assert!(Token::read(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn another_secret_has_another_hash_and_none_is_that_of_nothing() {
        let token = |byte| Token::new(TokenKind::User, ID, [byte; SECRET_BYTES]).hash();
        assert!(token(1) == token(1) && token(1) != token(2) && token(0) != SecretHash::OF_NOTHING);
        assert!(SecretHash::from_bytes(token(1).to_bytes()) == token(1));
    }

    #[test]
    fn a_secret_is_not_printed_by_accident() {
        let token = Token::new(TokenKind::User, ID, [1; SECRET_BYTES]);
        assert_eq!(format!("{token:?} {:?}", token.hash()), format!("pat_{ID}.*** ***"));
    }

    #[test]
    fn manage_includes_read_and_that_of_configs_their_switches() {
        for scope in Scope::ALL {
            for needed in Scope::ALL {
                let is_same_thing = scope.name().split(':').next() == needed.name().split(':').next();
                let is_included = scope.name().ends_with(":manage") && needed.name().ends_with(":read");
                let is_switch = scope == Scope::ManageConfigs && needed == Scope::ManageSwitches;
                let expected = scope == needed || is_same_thing && is_included || is_switch;
                assert_eq!(scope.allows(needed), expected, "{scope} {needed}");
            }
            assert_eq!(scope.name().parse(), Ok(scope));
        }
        assert_eq!("agent:read".parse::<Scope>(), Err(UnknownScope { nearest: Some(Scope::ReadAgents) }));
        assert_eq!("*".parse::<Scope>(), Err(UnknownScope { nearest: None }));
    }

    #[test]
    fn no_key_gives_more_than_it_has() {
        let scopes = |names: &[&str]| Scopes::from_names(names.iter().copied());
        let mine = scopes(&["agents:manage", "inbound_calls:route", "planets:move"]);
        assert_eq!(mine.names(), ["inbound_calls:route", "agents:manage"]);
        assert!(mine.cover(scopes(&["agents:read"])) && mine.cover(mine) && mine.cover(Scopes::default()));
        assert!(!mine.cover(scopes(&["agents:read", "api_keys:manage"])));
        assert!(!scopes(&["agents:read"]).cover(scopes(&["agents:manage"])));
    }
}
