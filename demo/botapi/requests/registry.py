"""List the methods with their parameter names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from demo.botapi.chats import info, profile
from demo.botapi.delivery import polling
from demo.botapi.files import media
from demo.botapi.messages import editing, sending
from demo.botapi.requests.params import Params
from demo.botapi.telegram import Telegram

Handler = Callable[[Telegram, Params], object | Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Method:
    """A method with its official spelling, its handler and its parameter names."""

    name: str
    handler: Handler
    parameters: frozenset[str]


_EDIT = "business_connection_id chat_id message_id inline_message_id reply_markup"
_TEXT = "text parse_mode entities link_preview_options"
_CAPTION = "caption parse_mode caption_entities show_caption_above_media"
_SCOPE = "scope language_code"

_TABLE: tuple[tuple[str, Handler, str], ...] = (
    ("getMe", info.get_me, ""),
    ("logOut", polling.log_out, ""),
    ("close", polling.log_out, ""),
    ("getUpdates", polling.get_updates, "offset limit timeout allowed_updates"),
    (
        "setWebhook",
        polling.set_webhook,
        (
            "url certificate ip_address max_connections allowed_updates drop_pending_updates "
            "secret_token"
        ),
    ),
    ("deleteWebhook", polling.delete_webhook, "drop_pending_updates"),
    ("getWebhookInfo", polling.get_webhook_info, ""),
    ("sendMessage", sending.send_message, f"{sending.SEND} {_TEXT}"),
    ("sendPhoto", media.send_photo, f"{sending.SEND} {_CAPTION} photo has_spoiler"),
    (
        "sendDocument",
        media.send_document,
        (
            f"{sending.SEND} document thumbnail caption parse_mode caption_entities "
            "disable_content_type_detection"
        ),
    ),
    (
        "sendMediaGroup",
        media.send_media_group,
        (
            "business_connection_id chat_id message_thread_id direct_messages_topic_id media "
            "disable_notification protect_content allow_paid_broadcast message_effect_id "
            "reply_parameters"
        ),
    ),
    (
        "copyMessage",
        sending.copy_message,
        (
            "chat_id message_thread_id direct_messages_topic_id from_chat_id message_id "
            f"{_CAPTION} video_start_timestamp disable_notification protect_content "
            "allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup"
        ),
    ),
    (
        "forwardMessage",
        sending.forward_message,
        (
            "chat_id message_thread_id direct_messages_topic_id from_chat_id disable_notification "
            "protect_content message_effect_id suggested_post_parameters message_id "
            "video_start_timestamp"
        ),
    ),
    (
        "sendChatAction",
        sending.send_chat_action,
        "business_connection_id chat_id message_thread_id action",
    ),
    (
        "setMessageReaction",
        sending.set_message_reaction,
        "chat_id message_id reaction is_big",
    ),
    ("editMessageText", editing.edit_message_text, f"{_EDIT} {_TEXT} rich_message"),
    ("editMessageCaption", editing.edit_message_caption, f"{_EDIT} {_CAPTION}"),
    ("editMessageReplyMarkup", editing.edit_message_reply_markup, _EDIT),
    ("editMessageMedia", editing.edit_message_media, f"{_EDIT} media"),
    ("deleteMessage", editing.delete_message, "chat_id message_id"),
    ("deleteMessages", editing.delete_messages, "chat_id message_ids"),
    (
        "answerCallbackQuery",
        editing.answer_callback_query,
        "callback_query_id text show_alert url cache_time",
    ),
    (
        "pinChatMessage",
        sending.pin_chat_message,
        "business_connection_id chat_id message_id disable_notification",
    ),
    (
        "unpinChatMessage",
        sending.unpin_chat_message,
        "business_connection_id chat_id message_id",
    ),
    ("unpinAllChatMessages", sending.unpin_chat_message, "chat_id"),
    ("getFile", media.get_file, "file_id"),
    ("getChat", info.get_chat_info, "chat_id"),
    ("getChatMember", info.get_chat_member, "chat_id user_id"),
    ("getChatAdministrators", info.get_chat_administrators, "chat_id return_bots"),
    ("getChatMemberCount", info.get_chat_member_count, "chat_id"),
    ("leaveChat", info.leave_chat, "chat_id"),
    ("setMyCommands", profile.set_my_commands, f"commands {_SCOPE}"),
    ("getMyCommands", profile.get_my_commands, _SCOPE),
    ("deleteMyCommands", profile.delete_my_commands, _SCOPE),
    ("setMyName", profile.text_setter("name"), "name language_code"),
    ("getMyName", profile.text_getter("name"), "language_code"),
    ("setMyDescription", profile.text_setter("description"), "description language_code"),
    ("getMyDescription", profile.text_getter("description"), "language_code"),
    (
        "setMyShortDescription",
        profile.text_setter("short_description"),
        "short_description language_code",
    ),
    ("getMyShortDescription", profile.text_getter("short_description"), "language_code"),
    ("setChatMenuButton", profile.set_chat_menu_button, "chat_id menu_button"),
    ("getChatMenuButton", profile.get_chat_menu_button, "chat_id"),
)

METHODS: dict[str, Method] = {
    name.lower(): Method(name, handler, frozenset(parameters.split()))
    for name, handler, parameters in _TABLE
}
"""Methods by name in lower case, because the Bot API ignores the case of method names."""

OLDER_PARAMETERS = frozenset({"reply_to_message_id", "allow_sending_without_reply"})
"""Parameter names that the Bot API no longer documents but still accepts."""
