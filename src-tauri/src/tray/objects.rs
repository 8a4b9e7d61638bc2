//! What a tray sees on the bus: the icon, by the StatusNotifierItem specification of freedesktop.org under the names that desktops
//! use (`org.kde`), and its menu, by version 3 of `com.canonical.dbusmenu`. Neither ever changes, so no signal is ever sent.

use std::collections::HashMap;
use std::sync::Arc;

use tauri::image::Image;
use zbus::fdo::{Error, Result};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{ObjectPath, OwnedValue, Value};

use super::Choice;

/// Where the icon is on the bus.
pub const ICON_AT: &str = "/StatusNotifierItem";
/// Where its menu is.
pub const MENU_AT: &str = "/MenuBar";

/// Carries out what somebody chose. Called on the way of the bus's messages.
pub type Act = Arc<dyn Fn(Choice) + Send + Sync>;

/// A picture: width, height, and each pixel's alpha, red, green and blue, row by row.
type Pixels = (i32, i32, Vec<u8>);

/// The icon.
pub struct Icon {
    pixels: Vec<Pixels>,
    act: Act,
}

impl Icon {
    /// An icon with this picture.
    pub fn new(picture: Option<&Image<'_>>, act: Act) -> Self {
        let pixels = picture.and_then(|picture| {
            let mut bytes = picture.rgba().to_vec();
            // From red, green, blue, alpha to alpha, red, green, blue.
            for pixel in bytes.chunks_exact_mut(4) {
                pixel.rotate_right(1);
            }
            let width = picture.width().try_into().ok()?;
            Some((width, picture.height().try_into().ok()?, bytes))
        });
        Self {
            pixels: pixels.into_iter().collect(),
            act,
        }
    }
}

#[zbus::interface(name = "org.kde.StatusNotifierItem")]
impl Icon {
    #[zbus(property)]
    fn category(&self) -> &str {
        "ApplicationStatus"
    }

    #[zbus(property)]
    fn id(&self) -> &str {
        "debrief"
    }

    #[zbus(property)]
    fn title(&self) -> &str {
        "Debrief"
    }

    #[zbus(property)]
    fn status(&self) -> &str {
        "Active"
    }

    #[zbus(property)]
    fn window_id(&self) -> i32 {
        0
    }

    /// None: the picture comes with the icon.
    #[zbus(property)]
    fn icon_name(&self) -> &str {
        ""
    }

    #[zbus(property)]
    fn icon_pixmap(&self) -> Vec<Pixels> {
        self.pixels.clone()
    }

    /// An icon's name, its pictures, a title and a text.
    #[zbus(property)]
    fn tool_tip(&self) -> (&str, Vec<Pixels>, &str, &str) {
        ("", Vec::new(), "Debrief", "")
    }

    #[zbus(property)]
    fn item_is_menu(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn menu(&self) -> ObjectPath<'_> {
        ObjectPath::from_static_str_unchecked(MENU_AT)
    }

    fn activate(&self, _x: i32, _y: i32) {
        (self.act)(Choice::Open);
    }

    fn secondary_activate(&self, _x: i32, _y: i32) {}

    fn scroll(&self, _delta: i32, _orientation: &str) {}

    /// Would show a menu of our own. Who asks is told that there is none, and shows the one at [`MENU_AT`].
    fn context_menu(&self, _x: i32, _y: i32) -> Result<()> {
        Err(Error::UnknownMethod("The tray shows the menu.".into()))
    }

    #[zbus(signal)]
    async fn new_title(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn new_icon(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn new_attention_icon(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn new_overlay_icon(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn new_tool_tip(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn new_status(emitter: &SignalEmitter<'_>, status: &str) -> zbus::Result<()>;
}

/// What is known of one row of the menu, without what is as usual.
type Properties = HashMap<&'static str, Value<'static>>;
/// A row with the rows below it.
type Layout = (i32, Properties, Vec<Value<'static>>);

/// A row of the menu.
#[derive(Clone, Copy, PartialEq)]
enum Row {
    /// What all others are in. Its id is 0.
    Root,
    Line,
    Choice(Choice),
}

/// The menu.
pub struct Menu {
    /// A row's place is its id.
    rows: Vec<Row>,
    act: Act,
}

impl Menu {
    /// A menu of all choices.
    pub fn new(act: Act) -> Self {
        let mut rows = vec![Row::Root];
        for choice in Choice::ALL {
            if choice == Choice::Quit {
                rows.push(Row::Line);
            }
            rows.push(Row::Choice(choice));
        }
        Self { rows, act }
    }

    fn rows(&self) -> impl Iterator<Item = (i32, Row)> {
        (0..).zip(self.rows.iter().copied())
    }

    fn row(&self, id: i32) -> Result<Row> {
        self.rows()
            .find_map(|(known, row)| (known == id).then_some(row))
            .ok_or_else(|| Error::InvalidArgs(format!("The menu has no row {id}.")))
    }

    /// Those of these ids that no row has. An error when no row has any.
    fn unknown(&self, ids: &[i32]) -> Result<Vec<i32>> {
        let (known, unknown): (Vec<i32>, Vec<i32>) =
            ids.iter().partition(|id| self.row(**id).is_ok());
        if known.is_empty() {
            return Err(Error::InvalidArgs("The menu has none of these.".into()));
        }
        Ok(unknown)
    }

    fn happened(&self, row: Row, event: &str) {
        if let Row::Choice(choice) = row
            && event == "clicked"
        {
            (self.act)(choice);
        }
    }
}

/// A row's properties of these names, or all of them for no name.
fn properties(row: Row, names: &[String]) -> Properties {
    let (name, value) = match row {
        Row::Root => ("children-display", "submenu"),
        Row::Line => ("type", "separator"),
        // An underscore would mark a key; there is none in these.
        Row::Choice(choice) => ("label", choice.label()),
    };
    let wanted = names.is_empty() || names.iter().any(|wanted| wanted == name);
    wanted
        .then(|| (name, Value::from(value)))
        .into_iter()
        .collect()
}

#[zbus::interface(name = "com.canonical.dbusmenu")]
impl Menu {
    #[zbus(property)]
    fn version(&self) -> u32 {
        3
    }

    #[zbus(property)]
    fn status(&self) -> &str {
        "normal"
    }

    #[zbus(property)]
    fn text_direction(&self) -> &str {
        "ltr"
    }

    #[zbus(property)]
    fn icon_theme_path(&self) -> Vec<String> {
        Vec::new()
    }

    /// The menu's revision, and a row with those below it; a `depth` of 0 leaves them out.
    fn get_layout(&self, parent: i32, depth: i32, names: Vec<String>) -> Result<(u32, Layout)> {
        let row = self.row(parent)?;
        let mut below = Vec::new();
        if row == Row::Root && depth != 0 {
            for (id, row) in self.rows().skip(1) {
                let layout: Layout = (id, properties(row, &names), Vec::new());
                below.push(Value::from(layout));
            }
        }
        Ok((0, (parent, properties(row, &names), below)))
    }

    /// The properties of these rows, or of all for no id. Rows that are not there are left out.
    fn get_group_properties(&self, ids: Vec<i32>, names: Vec<String>) -> Vec<(i32, Properties)> {
        self.rows()
            .filter(|(id, _)| ids.is_empty() || ids.contains(id))
            .map(|(id, row)| (id, properties(row, &names)))
            .collect()
    }

    fn get_property(&self, id: i32, name: String) -> Result<Value<'static>> {
        let row = self.row(id)?;
        properties(row, &[name])
            .into_values()
            .next()
            .ok_or_else(|| Error::InvalidArgs(format!("Row {id} has nothing of this name.")))
    }

    fn event(&self, id: i32, event: &str, _data: OwnedValue, _timestamp: u32) -> Result<()> {
        let row = self.row(id)?;
        self.happened(row, event);
        Ok(())
    }

    /// Several at once; gives the ids that no row has. However often a row is named, it is chosen once.
    fn event_group(&self, events: Vec<(i32, String, OwnedValue, u32)>) -> Result<Vec<i32>> {
        let ids: Vec<i32> = events.iter().map(|(id, ..)| *id).collect();
        let unknown = self.unknown(&ids)?;
        for (id, row) in self.rows() {
            if events
                .iter()
                .any(|(at, event, ..)| *at == id && event == "clicked")
            {
                self.happened(row, "clicked");
            }
        }
        Ok(unknown)
    }

    /// Whether the menu changes before it is shown.
    fn about_to_show(&self, id: i32) -> Result<bool> {
        self.row(id)?;
        Ok(false)
    }

    /// Several at once: the ids of menus that change, and those that no row has.
    fn about_to_show_group(&self, ids: Vec<i32>) -> Result<(Vec<i32>, Vec<i32>)> {
        Ok((Vec::new(), self.unknown(&ids)?))
    }

    #[zbus(signal)]
    async fn items_properties_updated(
        emitter: &SignalEmitter<'_>,
        updated: Vec<(i32, Properties)>,
        removed: Vec<(i32, Vec<String>)>,
    ) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn layout_updated(
        emitter: &SignalEmitter<'_>,
        revision: u32,
        parent: i32,
    ) -> zbus::Result<()>;
}
