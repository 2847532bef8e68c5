use super::messages::{
    DataType, Dimension, TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};
use crate::Input;
use serde_json::{Value, json};
use std::{fmt, iter};

/// An array that goes into a graph or comes out of it: any number of examples, one after the other.
///
/// [In the book](../../../book/experiments.html#how-do-others-use-the-model)
pub struct Port {
    /// What it is called.
    pub name: &'static str,
    pub(super) data_type: DataType,
    /// The shape of each example.
    pub shape: Vec<usize>,
}

/// What the number of examples is called.
const ANY: &str = "N";

impl Port {
    /// Examples as they are, before they are scaled. Pixels are bytes, so that pixels already divided by 255
    /// are refused; numbers are in double precision, since single precision has steps of a sixteenth around a
    /// million.
    ///
    /// [In the book](../../../book/experiments.html#how-do-others-use-the-model)
    pub fn of(input: &Input) -> Self {
        match input {
            Input::Pictures { rows, columns } => {
                Self { name: "pixels", data_type: DataType::Uint8, shape: vec![*rows, *columns] }
            }
            Input::Numbers { features, .. } => {
                Self { name: "features", data_type: DataType::Double, shape: vec![features.len()] }
            }
        }
    }

    /// Its name, the type of its numbers and its shape.
    ///
    /// [In the book](../../../book/experiments.html#how-do-others-use-the-model)
    pub fn json(&self) -> Value {
        let lengths = self.shape.iter().map(|length| json!(length));
        let shape: Vec<Value> = iter::once(json!(ANY)).chain(lengths).collect();
        json!({ "name": self.name, "type": self.type_name(), "shape": shape })
    }

    /// The type of its numbers, as NumPy calls it.
    fn type_name(&self) -> &'static str {
        match self.data_type {
            DataType::Undefined => "undefined",
            DataType::Float => "float32",
            DataType::Uint8 => "uint8",
            DataType::Int64 => "int64",
            DataType::Double => "float64",
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { name, shape, .. } = self;
        write!(f, "`{name}`, {} of shape ({ANY},", self.type_name())?;
        let lengths: Vec<String> = shape.iter().map(|length| format!(" {length}")).collect();
        write!(f, "{})", lengths.join(","))
    }
}

impl From<&Port> for ValueInfoProto {
    fn from(port: &Port) -> Self {
        let any = Dimension { dim_value: None, dim_param: Some(ANY.to_owned()) };
        let lengths = port.shape.iter().map(|&length| length as i64);
        let lengths = lengths.map(|length| Dimension { dim_value: Some(length), dim_param: None });
        let shape = TensorShapeProto { dim: iter::once(any).chain(lengths).collect() };
        let tensor = TensorTypeProto { elem_type: port.data_type.into(), shape: Some(shape) };
        let r#type = TypeProto { tensor_type: Some(tensor) };
        Self { name: port.name.to_owned(), r#type: Some(r#type) }
    }
}
