use super::{
    messages::{AttributeProto, AttributeType, DataType, GraphProto, NodeProto, TensorProto},
    port::Port,
};
use ndarray::{Array, ArrayView1, Dimension};

/// A graph while it grows; every value in it has a name.
pub struct Graph(GraphProto);

impl Graph {
    pub fn new(name: &str) -> Self {
        Self(GraphProto { name: name.to_owned(), ..GraphProto::default() })
    }

    /// Adds an operator with its settings, and returns the name of the value that it computes.
    pub fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        settings: &[(&str, i64)],
        output: &str,
    ) -> String {
        let attribute = settings.iter().map(|&(name, value)| AttributeProto {
            name: name.to_owned(),
            i: Some(value),
            r#type: AttributeType::Int.into(),
        });
        self.0.node.push(NodeProto {
            input: inputs.iter().map(|&name| name.to_owned()).collect(),
            output: vec![output.to_owned()],
            op_type: operator.to_owned(),
            attribute: attribute.collect(),
        });
        output.to_owned()
    }

    /// Adds an array of `f32`.
    pub fn singles<D: Dimension>(&mut self, name: &str, array: &Array<f32, D>) -> String {
        let bytes = array.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.constant(name, DataType::Float, array.shape(), bytes)
    }

    /// Adds a row of `f64`.
    pub fn doubles(&mut self, name: &str, row: ArrayView1<f64>) -> String {
        let bytes = row.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.constant(name, DataType::Double, row.shape(), bytes)
    }

    fn constant(&mut self, name: &str, kind: DataType, shape: &[usize], bytes: Vec<u8>) -> String {
        self.0.initializer.push(TensorProto {
            dims: shape.iter().map(|&length| length as i64).collect(),
            data_type: kind.into(),
            name: name.to_owned(),
            raw_data: bytes,
        });
        name.to_owned()
    }

    pub fn take_in(&mut self, port: &Port) {
        self.0.input.push(port.into());
    }

    pub fn give_out(&mut self, port: &Port) {
        self.0.output.push(port.into());
    }

    pub fn finish(self) -> GraphProto {
        self.0
    }
}
