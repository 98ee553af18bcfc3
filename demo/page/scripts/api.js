// Requests to the demo's server.

const HEADERS = { "X-Kvitto-Page": "1" };

async function answerOf(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The demo answered ${response.status}.`);
  return answer;
}

export async function getState() {
  return answerOf(await fetch("/demo/state"));
}

export async function post(path, body) {
  const headers = { ...HEADERS, "Content-Type": "application/json" };
  return answerOf(await fetch(`/demo/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Sends files; resolves to the reasons of refused ones, by their positions in `files`. */
export async function upload(fields, files) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined) form.append(name, value);
  }
  files.forEach((file, position) => form.append(`file${position}`, file, file.name || "picture.png"));
  const answer = await answerOf(await fetch("/demo/upload", { method: "POST", headers: HEADERS, body: form }));
  return new Map(answer.refused.map(({ position, reason }) => [position, reason]));
}

export async function fetchSample(sample) {
  const response = await fetch(`/demo/samples/${sample.file}`);
  return new File([await response.blob()], sample.file, { type: sample.mime });
}

export function fileUrl(fileId) {
  return `/demo/files/${encodeURIComponent(fileId)}`;
}

/** Calls `onEvent` for every event, and `onReturn` after each restored connection. */
export function listen(onEvent, onReturn) {
  const source = new EventSource("/demo/events");
  let wasOpen = false;
  source.onopen = () => {
    if (wasOpen) onReturn();
    wasOpen = true;
  };
  source.onmessage = (event) => onEvent(JSON.parse(event.data));
}
