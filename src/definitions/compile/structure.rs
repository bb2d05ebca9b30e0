//! Structure definitions to element trees: base first, then what the definition adds or narrows.
//!
//! Implements <https://hl7.org/fhir/R4/structuredefinition.html#interpretation>. A snapshot is complete and
//! read as it is; a differential is laid over the elements of the base.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::super::read::{ElementFile, Read, StructureFile};
use super::super::{
    Content, ElementType, Node, NodeId, Primitive, Property, Role, Structure, StructureKind, TypeId,
};
use super::element::Rules;
use super::value_set::Sets;
use super::{element, kind_of, mistake, unversioned};
use crate::error::Result;

pub(super) fn compile(
    files: &[Read<'_, StructureFile<'_>>],
    sets: &mut Sets<'_>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Arc<Structure>>> {
    let mut names = HashMap::new();
    let mut urls = HashMap::new();
    for (place, read) in files.iter().enumerate() {
        if let Some(other) = names.insert(&*read.body.of, place) {
            return Err(mistake(
                read.file,
                &read.body.of,
                format_args!("{} defines this type too", files[other].file),
            ));
        }
        urls.insert(&*read.body.url, place);
    }
    let done = vec![None; files.len()];
    let mut compiler = Compiler { files, names, urls, done, sets, warnings, rules: Rules::default() };
    // Backbone elements start from these two, and so every type may need them.
    let first =
        ["Element", "BackboneElement"].into_iter().filter_map(|name| compiler.names.get(name).copied());
    for place in first.collect::<Vec<_>>().into_iter().chain(0..files.len()) {
        compiler.ensure(place, &mut Vec::new())?;
    }
    Ok(compiler.done.into_iter().flatten().collect())
}

pub(super) struct Compiler<'c, 'a, 's> {
    pub(super) files: &'c [Read<'a, StructureFile<'a>>],
    /// Types by name and by url.
    pub(super) names: HashMap<&'c str, usize>,
    pub(super) urls: HashMap<&'c str, usize>,
    done: Vec<Option<Arc<Structure>>>,
    pub(super) sets: &'c mut Sets<'s>,
    pub(super) warnings: &'c mut Vec<String>,
    pub(super) rules: Rules,
}

/// A tree in the making.
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// Nodes by path.
    pub(super) places: HashMap<String, usize>,
    /// Elements that have the content of another: node, element, path of the other.
    pub(super) references: Vec<(usize, usize, String)>,
}

impl<'c, 'a> Compiler<'c, 'a, '_> {
    /// Compiles a type and, before it, its base. `above` are the types that wait for this one.
    fn ensure(&mut self, place: usize, above: &mut Vec<usize>) -> Result<Arc<Structure>> {
        if let Some(structure) = &self.done[place] {
            return Ok(structure.clone());
        }
        let (file, body) = (self.files[place].file, &self.files[place].body);
        if above.contains(&place) {
            return Err(mistake(file, &body.of, "it derives from itself"));
        }
        above.push(place);
        let base = match body.base_definition.as_deref().map(unversioned) {
            Some(url) => match self.urls.get(url) {
                Some(&base) => Some(self.ensure(base, above)?),
                None => return Err(mistake(file, &body.of, format_args!("its base {url} is not defined"))),
            },
            None => None,
        };
        above.pop();
        let structure = Arc::new(self.build(place, base.as_deref())?);
        self.done[place] = Some(structure.clone());
        Ok(structure)
    }

    fn build(&mut self, place: usize, base: Option<&Structure>) -> Result<Structure> {
        let (file, body) = (self.files[place].file, &self.files[place].body);
        let kind = kind_of(&body.kind).unwrap_or(StructureKind::Complex);
        let elements = match (&body.snapshot, &body.differential) {
            (Some(complete), _) => &complete.element[..],
            (None, Some(changes)) => &changes.element[..],
            (None, None) => return Err(mistake(file, &body.of, "it has neither snapshot nor differential")),
        };
        let inherited = if body.snapshot.is_some() { None } else { base };
        let mut tree = Tree::over(&body.of, inherited);
        let parents: HashSet<&str> =
            elements.iter().filter_map(|one| one.path.rsplit_once('.')).map(|(up, _)| up).collect();
        for one in elements.iter().filter(|one| one.slice_name.is_none()) {
            self.lay(&mut tree, place, one, parents.contains(&*one.path))?;
        }
        tree.refer(file)?;
        let mut nodes = tree.nodes;
        nodes.iter_mut().for_each(index);
        if let Some(node) = nodes.iter().find(|node| node.elements.len() > Node::CAPACITY) {
            return Err(mistake(
                file,
                &node.path,
                format_args!("it has more than {} elements", Node::CAPACITY),
            ));
        }
        let all = || nodes.iter().flat_map(|node| &node.elements);
        let marked = all().any(|one| one.write_only || one.folded);
        let brought = all().flat_map(|one| &one.types).any(|one| self.is_marked(&one.code));
        if brought && kind != StructureKind::Resource || marked && kind == StructureKind::Primitive {
            let text = "write-only and folded work on elements of resources, and of the types of those";
            return Err(mistake(file, &body.of, text));
        }
        let primitive = match kind {
            StructureKind::Primitive => {
                Some(Primitive::of(&body.of).or(base.and_then(|base| base.primitive)).ok_or_else(|| {
                    mistake(file, &body.of, "its format is not known, and it derives from none that is")
                })?)
            }
            _ => None,
        };
        Ok(Structure {
            name: body.of.to_string(),
            url: body.url.to_string(),
            description: body.description.to_string(),
            kind,
            is_abstract: body.is_abstract,
            base: base.map(|base| base.name.clone()),
            primitive,
            role: role(&body.of, base),
            nodes,
            marked: marked || brought,
        })
    }

    /// Whether a datatype has elements of its own that are write-only or folded.
    fn is_marked(&self, code: &str) -> bool {
        let Some(place) = self.names.get(code) else { return false };
        let body = &self.files[*place].body;
        let elements = body.snapshot.as_ref().or(body.differential.as_ref()).map(|all| &all.element);
        body.kind == "complex-type"
            && elements.into_iter().flatten().any(|one| element::marks(&one.extension))
    }

    /// Lays one element definition over the tree.
    fn lay(&mut self, tree: &mut Tree, place: usize, one: &ElementFile<'a>, parent: bool) -> Result<()> {
        let (file, of) = (self.files[place].file, &*self.files[place].body.of);
        let Some((above, name)) = one.path.rsplit_once('.') else {
            if one.path != of {
                return Err(mistake(file, &one.path, format_args!("the definition is of {of}")));
            }
            return self.rules.add(&mut tree.nodes[0].invariants, file, one);
        };
        let Some(&node) = tree.places.get(above) else {
            return Err(mistake(
                file,
                &one.path,
                format_args!("there is no element {above} with elements of its own"),
            ));
        };
        let is_primitive_value =
            self.files[place].body.kind == "primitive-type" && above == of && name == "value";
        if is_primitive_value {
            return Ok(());
        }
        let plain = name.strip_suffix("[x]").unwrap_or(name);
        let before = tree.nodes[node].elements.iter().position(|element| element.name == plain);
        let mut element = match before {
            Some(at) => tree.nodes[node].elements[at].clone(),
            None => element::blank(plain, &one.path, name != plain),
        };
        element::overlay(&mut element, self, file, one)?;
        let at = before.unwrap_or(tree.nodes[node].elements.len());
        if let Some(types) = &one.types {
            let in_resource = node == 0 && self.files[place].body.kind == "resource";
            element.types = Vec::with_capacity(types.len());
            for code in types {
                let backbone = parent.then(|| tree.grow(&one.path, &code.code, self));
                element.types.push(element::option(self, file, &element, code, backbone, in_resource)?);
            }
        } else if let Some(reference) = &one.content_reference {
            let path = reference.rsplit('#').next().unwrap_or_default();
            tree.references.push((node, at, path.to_owned()));
        } else if before.is_none() {
            return Err(mistake(file, &one.path, "it has no type"));
        }
        if parent && let Some(Content::Node(NodeId(own))) = element.types.first().map(|one| one.content) {
            tree.nodes[own].invariants.append(&mut element.invariants);
        }
        match before {
            Some(at) => tree.nodes[node].elements[at] = element,
            None => tree.nodes[node].elements.push(element),
        }
        Ok(())
    }

    pub(super) fn root_of(&self, name: &str) -> Option<&Node> {
        let place = self.names.get(name)?;
        self.done[*place].as_deref().map(Structure::root)
    }

    pub(super) fn type_id(&self, name: &str) -> Option<TypeId> {
        self.names.get(name).copied().map(TypeId)
    }
}

impl Tree {
    /// Starts with the elements of the base, whose paths become ours.
    fn over(name: &str, base: Option<&Structure>) -> Self {
        let mut nodes = base.map_or_else(|| vec![Node::default()], |base| base.nodes.clone());
        for node in &mut nodes {
            let rest = node.path.find('.').map_or("", |dot| &node.path[dot..]);
            node.path = format!("{name}{rest}");
        }
        let places = nodes.iter().enumerate().map(|(place, node)| (node.path.clone(), place)).collect();
        Self { nodes, places, references: Vec::new() }
    }

    /// The node of a backbone element: new, with what its type brings, or that of the base.
    fn grow(&mut self, path: &str, code: &str, compiler: &Compiler<'_, '_, '_>) -> NodeId {
        let next = self.nodes.len();
        let place = *self.places.entry(path.to_owned()).or_insert(next);
        if place == next {
            let mut node = compiler.root_of(code).cloned().unwrap_or_default();
            node.path = path.to_owned();
            self.nodes.push(node);
        }
        NodeId(place)
    }

    /// Points the elements with the content of another to its node.
    fn refer(&mut self, file: &str) -> Result<()> {
        for (node, at, path) in std::mem::take(&mut self.references) {
            let element = &mut self.nodes[node].elements[at];
            let Some(&other) = self.places.get(&path) else {
                return Err(mistake(
                    file,
                    &element.path,
                    format_args!("its content is that of {path}, which has no elements"),
                ));
            };
            element.types = vec![ElementType {
                code: "BackboneElement".to_owned(),
                property: element.name.clone(),
                shadow: String::new(),
                content: Content::Node(NodeId(other)),
                targets: Vec::new(),
            }];
        }
        Ok(())
    }
}

/// Builds the look-up from property names, without the elements that a definition rules out.
fn index(node: &mut Node) {
    node.required.clear();
    node.properties.clear();
    for (element, one) in node.elements.iter().enumerate().filter(|(_, one)| one.max > 0) {
        if one.min > 0 {
            node.required.push(element);
        }
        for (option, kind) in one.types.iter().enumerate() {
            node.properties.insert(kind.property.clone(), Property { element, option, shadow: false });
            if !kind.shadow.is_empty() {
                node.properties.insert(kind.shadow.clone(), Property { element, option, shadow: true });
            }
        }
    }
}

fn role(name: &str, base: Option<&Structure>) -> Role {
    match name {
        "Extension" => Role::Extension,
        "Reference" => Role::Reference,
        "Coding" => Role::Coding,
        "CodeableConcept" => Role::CodeableConcept,
        "Quantity" => Role::Quantity,
        _ => base.map_or(Role::Plain, |base| base.role),
    }
}
