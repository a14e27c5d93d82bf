//! What most programs need: from a scenario, read or built in code, to a world, a run, tables and paired differences.

pub use crate::draw::id_hash;
pub use crate::experiment::{Tables, Wanted, simulate};
pub use crate::model::{Adoption, Innovation, Listener, OutOfMemory, State, StructureEvent, run};
pub use crate::paired::{Choice, Difference, DrawName, difference};
pub use crate::scenario::tables::{Alliance, Kind, Member, Place, Tier, Who};
pub use crate::scenario::{Loaded, Month, Scenario, Setting, load, load_from};
pub use crate::store::Column;
pub use crate::system::{Contents, InMemory, System};
pub use crate::world::links::LinksError;
pub use crate::world::{InnovationId, LinkId, PlaceId, World, ZoneId};
