// Builds the page and updates it with every event.

import { openAddDialog } from "./add_dialog.js";
import { getState, listen } from "./api.js";
import { summaryOf } from "./bubble.js";
import { showChats } from "./chat_list.js";
import { focusComposer, forgetMessage, keepDraft, offer, say, sendFiles, sendPlace, setUpComposer, showComposer, showKeyboard, startEdit, startReply } from "./composer.js";
import { appendMessage, removeMessage, replaceMessage, setUpConversation, showDays, showMessages } from "./conversation.js";
import { byId, icon } from "./dom.js";
import { setUpDrawer, showClock, showDrawer, toggleDrawer } from "./drawer.js";
import { setUpDropping } from "./dropping.js";
import { onAnswer } from "./keyboards.js";
import { setUpMiniApp, showMenuButton } from "./mini_app.js";
import { fail } from "./notices.js";
import { chat, drop, keep, load, setClock, store, titleOf } from "./store.js";
import { setUpTheme } from "./theme.js";

const TYPING_MILLISECONDS = 5000;
const ACTIONS = { typing: "typing…", upload_photo: "sending a photo…", upload_document: "sending a file…" };

const app = byId("app");
let typingTimer = 0;

function subtitleOf(open) {
  const names = open.people.map((person) => person.name);
  return open.kind === "private" ? `bot · you are ${names[0]}` : [...names, store.bot.name].join(", ");
}

function showHead() {
  const open = chat();
  byId("chat-title").textContent = open ? titleOf(open) : "No chat yet";
  byId("chat-subtitle").textContent = open ? subtitleOf(open) : "";
  document.title = open ? `${titleOf(open)} – Kvitto demo` : "Kvitto demo";
  showMenuButton();
  const pinned = open?.messages.find((message) => message.message_id === open.pinned_id);
  byId("pinned").hidden = !pinned;
  byId("pinned").textContent = pinned ? `Pinned: ${summaryOf(pinned)}` : "";
}

function showTyping(event) {
  if (event.chat_id !== store.chatId) return;
  byId("chat-subtitle").textContent = ACTIONS[event.action] ?? "busy…";
  clearTimeout(typingTimer);
  typingTimer = setTimeout(showHead, TYPING_MILLISECONDS);
}

function openChat(chatId) {
  keepDraft();
  store.chatId = chatId;
  store.replyTo = null;
  store.editing = null;
  store.unread.delete(chatId);
  app.classList.remove("is-listing");
  showAll();
  if (window.matchMedia("(min-width: 720px)").matches) focusComposer();
}

function showAll() {
  showChats(openChat);
  showHead();
  showMessages();
  showComposer();
}

function onMessage(message) {
  keep(message);
  if (message.chat_id === store.chatId) {
    if (message.sender_id === store.bot.id) showHead();
    appendMessage(message);
  } else {
    store.unread.set(message.chat_id, (store.unread.get(message.chat_id) ?? 0) + 1);
  }
  showChats(openChat);
}

function onReaction(event) {
  const message = chat()?.messages.find((other) => other.message_id === event.message_id);
  if (!message) return;
  message.shown_reactions = event.emojis;
  replaceMessage(message);
}

const REACT = {
  message: (event) => onMessage(event.message),
  edited: (event) => {
    keep(event.message);
    if (event.chat_id === store.chatId) replaceMessage(event.message);
    showChats(openChat);
  },
  deleted: (event) => {
    drop(event.message);
    forgetMessage(event.message);
    if (event.chat_id === store.chatId) removeMessage(event.message);
    showChats(openChat);
  },
  answer: onAnswer,
  action: showTyping,
  reaction: (event) => event.chat_id === store.chatId && onReaction(event),
  keyboard: (event) => {
    store.chats.get(event.chat_id).keyboard = event.keyboard;
    if (event.chat_id === store.chatId) showKeyboard();
  },
  pinned: (event) => {
    store.chats.get(event.chat_id).pinned_id = event.pinned_id;
    showHead();
  },
  chat: (event) => {
    if (event.chat) store.chats.set(event.chat_id, event.chat);
    else store.chats.delete(event.chat_id); // a supergroup has replaced the group
    if (!store.chats.has(store.chatId)) openChat(store.chats.keys().next().value);
    else if (event.chat_id === store.chatId) showAll();
    else showChats(openChat);
  },
  commands: (event) => {
    load(event.state);
    showAll();
  },
  clock: (event) => {
    setClock(event.clock);
    showClock();
    showDays();
    showChats(openChat);
  },
  reload: () => begin().catch(fail),
};

async function begin() {
  load(await getState());
  showAll();
  showDrawer({ say, send: sendFiles, sendPlace });
}

setUpTheme();
setUpDrawer();
setUpMiniApp();
setUpConversation({ reply: startReply, edit: startEdit, say, command: say });
setUpComposer(showMessages);
setUpDropping(offer);
byId("back").append(icon("back"));
byId("back").addEventListener("click", () => app.classList.add("is-listing"));
byId("drawer-toggle").append(icon("spark"));
byId("drawer-toggle").addEventListener("click", () => toggleDrawer());
byId("to-bottom").append(icon("down"));
byId("add-chat").addEventListener("click", openAddDialog);
begin().catch(fail);
listen((event) => REACT[event.kind]?.(event), () => begin().catch(fail));
