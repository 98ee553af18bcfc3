// Formats dates, times, sizes and names in the browser's language and time zone. Hours always count
// to 24, because the bot writes "18:00" and a page with two clocks would confuse.

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const shortDay = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });

const DAY_SECONDS = 86400;
const TINTS = 6;

export function timeOf(seconds) {
  return time.format(new Date(seconds * 1000));
}

/** Returns day and time in full. */
export function momentOf(seconds) {
  return moment.format(new Date(seconds * 1000));
}

export function shortDayOf(seconds) {
  return shortDay.format(new Date(seconds * 1000));
}

export function isSameDay(one, other) {
  return new Date(one * 1000).toDateString() === new Date(other * 1000).toDateString();
}

export function dayOf(seconds, now) {
  if (isSameDay(seconds, now)) return "Today";
  if (isSameDay(seconds + DAY_SECONDS, now)) return "Yesterday";
  return day.format(new Date(seconds * 1000));
}

export function aheadOf(seconds) {
  const days = Math.round(Math.abs(seconds) / DAY_SECONDS);
  const hours = Math.round(Math.abs(seconds) / 3600);
  if (hours < 1) return "";
  const span = days >= 2 ? `${days} days` : `${hours} h`;
  return seconds > 0 ? `+${span}` : `−${span}`;
}

export function sizeOf(bytes) {
  if (bytes === undefined) return "";
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Returns seconds as minutes and seconds, as a player shows them. */
export function durationOf(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Returns a place in degrees, with the letters of its hemispheres. */
export function degreesOf({ latitude, longitude }) {
  const north = `${Math.abs(latitude).toFixed(4)}° ${latitude < 0 ? "S" : "N"}`;
  return `${north}, ${Math.abs(longitude).toFixed(4)}° ${longitude < 0 ? "W" : "E"}`;
}

export function initialsOf(name) {
  const words = name.trim().split(/\s+/).slice(0, 2);
  return words.map((word) => Array.from(word)[0] ?? "").join("").toUpperCase();
}

export function tintOf(id) {
  return `tint-${Math.abs(id) % TINTS}`;
}
