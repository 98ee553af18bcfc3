// The page's state: chats, writers, the message to reply to or edit, and the time.

export const store = {
  bot: null,
  description: "",
  chats: new Map(),
  samples: [],
  chatId: null,
  writers: new Map(), // chat id → id of the person who writes there
  drafts: new Map(), // chat id → text not sent yet
  unread: new Map(), // chat id → number of messages
  replyTo: null, // message
  editing: null, // message
  clock: { now: 0, ahead: 0, takenAt: 0 },
};

export function load(state) {
  store.bot = state.bot;
  store.description = state.description;
  store.samples = state.samples;
  store.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
  setClock(state.clock);
  if (!store.chats.has(store.chatId)) store.chatId = state.chats[0]?.id ?? null;
}

export function setClock(clock) {
  store.clock = { now: clock.now, ahead: clock.ahead_seconds, takenAt: performance.now() };
}

/** Returns the seconds since 1970 by the demo's clock. */
export function now() {
  return store.clock.now + (performance.now() - store.clock.takenAt) / 1000;
}

export function chat() {
  return store.chats.get(store.chatId);
}

export function writer(of = chat()) {
  const chosen = of.people.find((person) => person.id === store.writers.get(of.id));
  return chosen ?? of.people[0];
}

export function titleOf(of) {
  return of.kind === "private" ? store.bot.name : of.title;
}

export function keep(message) {
  const known = store.chats.get(message.chat_id)?.messages;
  if (!known) return;
  const at = known.findIndex((other) => other.message_id === message.message_id);
  if (at < 0) known.push(message);
  else known[at] = message;
}

export function drop(message) {
  const of = store.chats.get(message.chat_id);
  if (of) of.messages = of.messages.filter((other) => other.message_id !== message.message_id);
}
