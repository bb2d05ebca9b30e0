//! The definitions as each project has them: those of the server, and its own search parameters.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::definitions::{Addition, CustomParam, Definitions, Indexing, Param, Standing};
use crate::error::{Result, fault};
use crate::store::{Last, Parameter, Parameters, State, Store};

/// The definitions of a moment.
pub(in crate::repo) struct Catalogue {
    /// Of the parameters that writers index by.
    pub epoch: i64,
    pub change: i64,
    /// As they came with the server.
    pub plain: Arc<Definitions>,
    /// With the parameters that all projects have.
    shared: Arc<Definitions>,
    /// Of the projects that have some of their own.
    projects: HashMap<i32, Arc<Definitions>>,
    pub compiled: Vec<Arc<Compiled>>,
}

/// A parameter, compiled for each type.
pub(in crate::repo) struct Compiled {
    /// As it was when the catalogue was made.
    pub parameter: Parameter,
    /// The last resource that was indexed since.
    reached: Mutex<Option<Last>>,
    pub params: Vec<Arc<Param>>,
    pub indexing: Arc<Indexing>,
    /// Why it cannot be used with the definitions that the server has by now.
    pub problem: Option<String>,
}

impl Catalogue {
    /// Without anything that was defined at run time.
    pub fn bare(plain: Arc<Definitions>) -> Self {
        let shared = Arc::clone(&plain);
        Self { epoch: 0, change: -1, plain, shared, projects: HashMap::new(), compiled: Vec::new() }
    }

    /// What is defined by now. What was compiled before is taken from there.
    pub fn of(before: &Self, parameters: Parameters, store: &Store) -> Result<Self> {
        let mut compiled = Vec::with_capacity(parameters.all.len());
        for parameter in parameters.all {
            let known = before.compiled.iter().find(|one| one.parameter.number == parameter.number);
            compiled.push(Arc::new(match known {
                Some(known) => Compiled {
                    params: known.params.clone(),
                    indexing: Arc::clone(&known.indexing),
                    problem: known.problem.clone(),
                    reached: Mutex::default(),
                    parameter,
                },
                None => compile(&before.plain, parameter, store)?,
            }));
        }
        for one in &compiled {
            one.indexing.set(one.parameter.done, one.parameter.total);
        }
        let of = |project: i32| {
            let own = compiled.iter().filter(move |one| one.parameter.project == project);
            own.filter_map(|one| one.addition())
        };
        let shared = match of(0).next() {
            Some(_) => Arc::new(before.plain.with(of(0))),
            None => Arc::clone(&before.plain),
        };
        let mut projects: HashMap<i32, Arc<Definitions>> = HashMap::new();
        for one in compiled.iter().filter(|one| one.parameter.project != 0) {
            let project = one.parameter.project;
            projects.entry(project).or_insert_with(|| Arc::new(shared.with(of(project))));
        }
        let plain = Arc::clone(&before.plain);
        Ok(Self { epoch: parameters.epoch, change: parameters.change, plain, shared, projects, compiled })
    }

    /// What holds in a project.
    pub fn of_project(&self, project: i32) -> &Arc<Definitions> {
        if self.projects.is_empty() {
            return &self.shared;
        }
        self.projects.get(&project).unwrap_or(&self.shared)
    }

    /// What holds everywhere.
    pub fn shared(&self) -> &Arc<Definitions> {
        &self.shared
    }

    /// What the index of a project agrees with: without parameters that are on their way in or out.
    pub fn settled(&self, project: i32) -> Definitions {
        let settled = self.compiled.iter().filter(|one| {
            let own = one.parameter.project == 0 || one.parameter.project == project;
            own && one.is_settled()
        });
        self.plain.with(settled.filter_map(|one| one.addition()))
    }

    /// The names of the others.
    pub fn unsettled(&self) -> impl Iterator<Item = String> {
        self.compiled.iter().filter(|one| !one.is_settled()).map(|one| one.parameter.name())
    }

    pub fn is_indexing(&self) -> bool {
        self.compiled.iter().any(|one| one.parameter.state == State::Indexing)
    }

    /// Whether a parameter is to be taken to another state.
    pub fn has_work(&self) -> bool {
        self.compiled.iter().any(|one| match one.parameter.state {
            State::Active => one.problem.is_some(),
            State::Failed => false,
            _ => true,
        })
    }
}

impl Compiled {
    fn is_settled(&self) -> bool {
        self.problem.is_none() && matches!(self.parameter.state, State::Active | State::Retiring)
    }

    /// The last resource that is indexed.
    pub fn position(&self) -> Last {
        let reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner).clone();
        reached.unwrap_or_else(|| self.parameter.last.clone())
    }

    pub fn reached(&self, last: Last, done: i64, total: i64) {
        self.indexing.set(done, total);
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
    }

    fn addition(&self) -> Option<Addition> {
        let standing = match (&self.problem, self.parameter.state) {
            (_, State::Removing) => return None,
            (Some(_), _) => Standing::Failed,
            (None, State::Indexing) => Standing::Indexing(Arc::clone(&self.indexing)),
            (None, State::Active) => Standing::Open,
            (None, State::Retiring) => Standing::Hidden,
            (None, State::Failing | State::Failed) => Standing::Failed,
        };
        Some(Addition { params: self.params.clone(), standing })
    }
}

fn compile(plain: &Definitions, parameter: Parameter, store: &Store) -> Result<Compiled> {
    let indexing = Arc::default();
    let custom: CustomParam = serde_json::from_str(&parameter.definition.text).map_err(fault)?;
    let compiled = match plain.compile_param(&custom) {
        Ok(compiled) => compiled,
        Err(error) => {
            // Packages may have gone, or brought a parameter of the same name.
            let problem = Some(error.to_string());
            return Ok(Compiled {
                parameter,
                reached: Mutex::default(),
                params: Vec::new(),
                indexing,
                problem,
            });
        }
    };
    let name = parameter.name();
    let mut params = Vec::with_capacity(compiled.len());
    let mut kinds = Vec::with_capacity(compiled.len());
    for mut param in compiled {
        let kind = store.kind(&param.resource).ok_or_else(|| fault("a type has no number"))?;
        param.slot = store.slot(kind, &name)?;
        kinds.push(kind);
        params.push(Arc::new(param));
    }
    kinds.sort_unstable();
    let problem = (kinds != parameter.definition.kinds).then(|| "there are other types by now".to_owned());
    Ok(Compiled { parameter, reached: Mutex::default(), params, indexing, problem })
}
