use chapters::chapter_07_augmentation::Amounts;

/// How much to distort, from a list of ways, such as `affine,elastic=30`.
pub fn amounts(list: &str) -> Result<Amounts, String> {
    let usual = Amounts::DIGITS;
    let mut amounts = Amounts::NONE;
    for way in list.split(',') {
        let (name, amount) = match way.trim().split_once('=') {
            Some((name, amount)) => {
                let number = amount.trim().parse::<f32>().ok().filter(|number| number.is_finite());
                (name.trim(), Some(number.ok_or(format!("{amount:?} is not a number"))?))
            }
            None => (way.trim(), None),
        };
        let or = |usual| amount.unwrap_or(usual);
        match name {
            "shift" => amounts.shift = or(usual.shift),
            "angle" => amounts.angle = or(usual.angle),
            "scale" => amounts.scale = or(usual.scale),
            "affine" if amount.is_none() => {
                // Each unless it has an amount of its own
                for (amount, usual) in
                    [(&mut amounts.angle, usual.angle), (&mut amounts.scale, usual.scale)]
                {
                    *amount = if *amount == 0.0 { usual } else { *amount };
                }
            }
            "affine" => return Err("affine is angle and scale: give each its amount".to_owned()),
            "elastic" => amounts.alpha = or(usual.alpha),
            "sigma" => amounts.sigma = or(usual.sigma),
            _ => {
                return Err(format!(
                    "{name:?} is none of shift, affine, angle, scale, elastic and sigma"
                ));
            }
        }
    }
    if amounts == (Amounts { sigma: amounts.sigma, ..Amounts::NONE }) {
        return Err("this distorts nothing: leave `--augment` out".to_owned());
    }
    Ok(amounts)
}
