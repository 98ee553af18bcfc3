"""Who is in a chat, and where a chat went: membership, titles, migration to a supergroup."""

from __future__ import annotations

from telegram import ChatMember, ChatMemberUpdated, Update

from handlers.context import Context, kind_of
from ports.repositories import Repositories
from replies.admins import ask_for_admins

GONE = frozenset({ChatMember.LEFT, ChatMember.BANNED})


async def bot_membership(update: Update, context: Context) -> None:
    """Fall silent where the bot was put out; learn who runs a group that it was brought into.

    It does not greet: a group did not ask, and silence is the answer to what is no entry.
    """
    changed = update.my_chat_member
    assert changed is not None
    unit, chat_id = context.update_scope.unit, changed.chat.id
    if changed.new_chat_member.status in GONE:
        await unit.run(lambda repositories: repositories.chats.mute(chat_id, muted=True))
        return
    if changed.old_chat_member.status in GONE and kind_of(changed.chat) == "group":
        await context.run(lambda scope: None)
        ask_for_admins(unit, chat_id)


async def member_changed(update: Update, context: Context) -> None:
    """Keep who is present and who is an admin current."""
    changed = update.chat_member
    assert changed is not None

    def work(repositories: Repositories) -> None:
        if changed.new_chat_member.status in GONE:
            repositories.chats.leave(changed.chat.id, changed.new_chat_member.user.id, context.now)

    await context.update_scope.unit.run(work)
    if _rank_changed(changed):
        ask_for_admins(context.update_scope.unit, changed.chat.id)


async def migrated(update: Update, context: Context) -> None:
    """Let the supergroup go on with the group's ledger; told twice, it happens once."""
    message = context.message
    old_id = message.migrate_from_chat_id or message.chat.id
    new_id = message.migrate_to_chat_id or message.chat.id
    await context.update_scope.unit.run(
        lambda repositories: context.services.merging.migrate(
            repositories, old_id, new_id, context.now
        )
    )


async def member_left(update: Update, context: Context) -> None:
    """Mark who left a small group, where no membership updates come."""
    left = context.message.left_chat_member
    assert left is not None
    if left.id != context.bot.id:
        chat_id = context.message.chat.id
        await context.update_scope.unit.run(
            lambda repositories: repositories.chats.leave(chat_id, left.id, context.now)
        )


def _rank_changed(changed: ChatMemberUpdated) -> bool:
    ranks = {ChatMember.ADMINISTRATOR, ChatMember.OWNER}
    return (changed.old_chat_member.status in ranks) != (changed.new_chat_member.status in ranks)
