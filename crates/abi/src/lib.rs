//! The contract between compiler and runtime: what a type is once checking is done, how its values lie in memory, and
//! how the running program finds out about it.
//!
//! In reading order: [`canon`] makes closed types whose ids are identity; [`methods`] their method sets; [`sizes`] lays
//! their values out in memory, [`parts`] in registers, [`pointers`] tells the collector; [`equality`] says how values are
//! compared and hashed; [`names`] how types print. [`structs`] reads the descriptor structs of the GOROOT in use, and
//! [`descriptors`] and [`itab`] fill them; [`layouts`] makes the small descriptors that allocation needs. [`frames`] are
//! what reflection calls with.
//!
//! **Requests.** A descriptor refers to other descriptors and to functions: equality, hashing, methods. None of these
//! is made here. Asking for the descriptor of a type declares its data, without content, and puts the type on a list;
//! the program's worklist takes it from there, asks what the descriptor refers to ([`Request`]), decides which methods
//! are live, and makes the functions. At the end, when all is known, the content of everything that was declared is
//! written once, in the order of names:
//!
//! ```text
//! descriptors.descriptor(T) -> data7           while lowering `any(x)`
//! descriptors.take_pending() -> [T]            the worklist, until there is nothing left
//!   requests(T): Descriptor(*T), Equal(equal3), Descriptor(of its fields' types), ...
//! descriptors.emit(visible, |request| function of it)   once
//! ```

pub mod canon;
pub mod descriptors;
pub mod env;
pub mod equality;
pub mod frames;
mod image;
pub mod itab;
pub mod layouts;
mod lists;
mod locals;
mod map_group;
pub mod methods;
pub mod names;
pub mod parts;
pub mod pointers;
pub mod request;
pub mod sizes;
pub mod structs;
mod type_names;

pub use canon::{CanonId, CanonType, Types};
pub use descriptors::Descriptors;
pub use env::EnvId;
pub use request::{CodeForm, Request};
