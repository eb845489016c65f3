package dev.sluice.control.admin.desk;

import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.path.Outcome;
import java.util.concurrent.CompletionStage;

/** Where commands go: the change path. Implementations are thread-safe and return at once. */
@FunctionalInterface
public interface Changes {
    /** Gives a command; its outcome comes later, on any thread. */
    CompletionStage<Outcome> submit(Command command, CommandContext context);
}
