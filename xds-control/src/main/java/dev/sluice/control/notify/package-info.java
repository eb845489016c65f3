/**
 * Tells sinks what happened: events of the log as CloudEvents, chat messages and mail. Read {@link
 * dev.sluice.control.notify.Notifier} first. It reads the log and gives commands like the
 * orchestrator; sending blocks threads of its own and nothing else.
 */
@NullMarked
package dev.sluice.control.notify;

import org.jspecify.annotations.NullMarked;
