"""Follow membership of the bot and of users, and groups that become supergroups."""

from __future__ import annotations

from telegram import ChatMember, ChatMemberUpdated, Update

from handlers.context import Context, kind_of
from presentation import views
from replies.admins import ask_for_admins
from services.members import leave, mute

GONE = frozenset({ChatMember.LEFT, ChatMember.BANNED})


async def bot_membership(update: Update, context: Context) -> None:
    """Mute a chat that removed the bot; greet a group that the bot was added to."""
    changed = update.my_chat_member
    assert changed is not None
    if changed.new_chat_member.status in GONE:
        await context.run_outside(mute, changed.chat.id)
    elif changed.old_chat_member.status in GONE and kind_of(changed.chat) == "group":
        await _greet_group(context, changed.chat.id)


async def _greet_group(context: Context, chat_id: int) -> None:
    """Say how to write an entry and that chatter is not recorded, and find the admins."""
    responder = await context.enter()
    responder.reply(views.group_hello(responder.t))
    ask_for_admins(context.update_scope.unit, chat_id)


async def member_changed(update: Update, context: Context) -> None:
    """Keep who is present and who is an admin current."""
    changed = update.chat_member
    assert changed is not None
    if changed.new_chat_member.status in GONE:
        user_id = changed.new_chat_member.user.id
        await context.run_outside(leave, changed.chat.id, user_id, context.now)
    if _rank_changed(changed):
        ask_for_admins(context.update_scope.unit, changed.chat.id)


async def migrated(update: Update, context: Context) -> None:
    """Continue the group's ledger in its supergroup; both chats tell it, it happens once."""
    message = context.message
    old_id = message.migrate_from_chat_id or message.chat.id
    new_id = message.migrate_to_chat_id or message.chat.id
    await context.run_outside(context.services.merging.migrate, old_id, new_id, context.now)


async def member_left(update: Update, context: Context) -> None:
    """Mark who left a small group, where no membership updates come."""
    left = context.message.left_chat_member
    assert left is not None
    if left.id != context.bot.id:
        await context.run_outside(leave, context.message.chat.id, left.id, context.now)


def _rank_changed(changed: ChatMemberUpdated) -> bool:
    ranks = {ChatMember.ADMINISTRATOR, ChatMember.OWNER}
    return (changed.old_chat_member.status in ranks) != (changed.new_chat_member.status in ranks)
