//! Tokens: how one is made, read and recognized, and what its scopes allow. Pure: randomness is handed in.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How many bytes a secret has: 256 bits, so that one round of SHA-256 is as good as a slow hash.
pub const SECRET_BYTES: usize = 32;

/// Whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `ak_…`: an organization's.
    Organization,
    /// `pat_…`: a user's.
    User,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Organization, Self::User];

    /// What its tokens begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Organization => "ak_",
            Self::User => "pat_",
        }
    }
}

/// A token, as its holder has it: `ak_<id>.<secret>`. Shows its secret only as [`Token::reveal`]; printed for debugging it
/// is masked.
#[derive(Clone)]
pub struct Token {
    kind: Kind,
    id: String,
    secret: String,
}

impl Token {
    /// The token of the key with this id. `randomness` is from the operating system, and used for nothing else.
    pub fn new(kind: Kind, id: impl fmt::Display, randomness: [u8; SECRET_BYTES]) -> Self {
        Self { kind, id: id.to_string(), secret: URL_SAFE_NO_PAD.encode(randomness) }
    }

    /// Reads a token; `None` if it is none. That it is well formed says nothing of whether it holds.
    pub fn read(text: &str) -> Option<Self> {
        let (kind, rest) = Kind::ALL.iter().find_map(|kind| Some((*kind, text.strip_prefix(kind.prefix())?)))?;
        let (id, secret) = rest.split_once('.')?;
        let bytes = URL_SAFE_NO_PAD.decode(secret).ok()?;
        (!id.is_empty() && bytes.len() == SECRET_BYTES).then(|| Self { kind, id: id.into(), secret: secret.into() })
    }

    /// Whose it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The id of its key, which is no secret.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// All of it: to be shown once, to whom it is for.
    pub fn reveal(&self) -> String {
        format!("{}{}.{}", self.kind.prefix(), self.id, self.secret)
    }

    /// What is kept of the secret.
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.secret.as_bytes()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}.***", self.kind.prefix(), self.id)
    }
}

/// The SHA-256 of a token's secret. Compared in a time that does not depend on how much is equal.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of no token. Comparing with it, where there is no such key, takes as long as with any other.
    pub const OF_NOTHING: Self = Self([0; 32]);

    /// As it was kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// As it is to be kept.
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

/// Something that a key may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Reads the config, its revisions and switches; asks about a plan before it is saved.
    ReadConfigs,
    /// Writes them.
    ManageConfigs,
    /// Reads the call log.
    ReadCalls,
    /// Has calls decided.
    RouteCalls,
    /// Reads agents and versions.
    ReadAgents,
    /// Writes and publishes them.
    ManageAgents,
    /// Reads phone numbers.
    ReadNumbers,
    /// Registers, assigns and deletes them.
    ManageNumbers,
    /// Lists, makes and revokes the organization's keys.
    ManageKeys,
}

impl Scope {
    /// All scopes, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::ReadConfigs,
        Self::ManageConfigs,
        Self::ReadCalls,
        Self::RouteCalls,
        Self::ReadAgents,
        Self::ManageAgents,
        Self::ReadNumbers,
        Self::ManageNumbers,
        Self::ManageKeys,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadConfigs => "inbound_routing_configs:read",
            Self::ManageConfigs => "inbound_routing_configs:manage",
            Self::ReadCalls => "inbound_calls:read",
            Self::RouteCalls => "inbound_calls:route",
            Self::ReadAgents => "agents:read",
            Self::ManageAgents => "agents:manage",
            Self::ReadNumbers => "phone_numbers:read",
            Self::ManageNumbers => "phone_numbers:manage",
            Self::ManageKeys => "api_keys:manage",
        }
    }

    /// Whether a key with this scope may do what `needed` is for: `manage` includes `read`.
    pub fn allows(self, needed: Self) -> bool {
        self == needed || self.includes() == Some(needed)
    }

    fn includes(self) -> Option<Self> {
        match self {
            Self::ManageConfigs => Some(Self::ReadConfigs),
            Self::ManageAgents => Some(Self::ReadAgents),
            Self::ManageNumbers => Some(Self::ReadNumbers),
            Self::ReadConfigs
            | Self::ReadCalls
            | Self::RouteCalls
            | Self::ReadAgents
            | Self::ReadNumbers
            | Self::ManageKeys => None,
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

/// A name that no scope has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownScope {
    /// The scope with nearly this name.
    pub nearest: Option<Scope>,
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, UnknownScope> {
        let found = Self::ALL.into_iter().find(|scope| scope.name() == name);
        found.ok_or_else(|| {
            let nearest = callplan::suggest::nearest(name, Self::ALL.iter().map(|scope| scope.name()));
            UnknownScope { nearest: nearest.and_then(|near| Self::ALL.into_iter().find(|it| it.name() == near)) }
        })
    }
}

/// The scopes of a key.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// Whether one of them allows what `needed` is for.
    pub fn allow(self, needed: Scope) -> bool {
        self.iter().any(|scope| scope.allows(needed))
    }

    /// Whether these allow all that those do: whoever makes a key gives it no more than they have.
    pub fn cover(self, others: Self) -> bool {
        others.iter().all(|scope| self.allow(scope))
    }

    /// Those that are in it, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.0 & scope.bit() != 0)
    }

    /// Their names.
    pub fn names(self) -> Vec<String> {
        self.iter().map(|scope| scope.name().to_owned()).collect()
    }

    /// Those with these names. One that has none, as a newer release may have stored it, allows nothing.
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
        for kind in Kind::ALL {
            let token = Token::new(kind, ID, [0xfb; SECRET_BYTES]);
            let shown = token.reveal();
            assert_eq!(shown, format!("{}{ID}.-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s", kind.prefix()));
            let read = Token::read(&shown).expect("a token");
            assert_eq!((read.kind(), read.id(), read.hash()), (kind, ID, token.hash()));
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        let good = Token::new(Kind::Organization, ID, [1; SECRET_BYTES]).reveal();
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
            // Bits beyond the last byte, which would make two texts one secret.
            format!("ak_{ID}.{}F", &secret[..42]),
            format!(" {good}"),
            format!("ak_{ID}{secret}"),
        ] {
            assert!(Token::read(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn another_secret_has_another_hash_and_none_is_that_of_nothing() {
        let token = |byte| Token::new(Kind::User, ID, [byte; SECRET_BYTES]).hash();
        assert!(token(1) == token(1) && token(1) != token(2) && token(0) != SecretHash::OF_NOTHING);
        assert!(SecretHash::from_bytes(token(1).to_bytes()) == token(1));
    }

    #[test]
    fn a_secret_is_not_printed_by_accident() {
        let token = Token::new(Kind::User, ID, [1; SECRET_BYTES]);
        assert_eq!(format!("{token:?} {:?}", token.hash()), format!("pat_{ID}.*** ***"));
    }

    #[test]
    fn manage_includes_read_and_nothing_else() {
        for scope in Scope::ALL {
            for needed in Scope::ALL {
                let is_same_thing = scope.name().split(':').next() == needed.name().split(':').next();
                let is_included = scope.name().ends_with(":manage") && needed.name().ends_with(":read");
                let expected = scope == needed || is_same_thing && is_included;
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
