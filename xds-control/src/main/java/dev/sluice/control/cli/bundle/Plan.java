package dev.sluice.control.cli.bundle;

import dev.sluice.control.cli.session.ExitCode;
import java.util.List;

/**
 * What would be done to make everything be as files say. Immutable.
 *
 * @param entries in the order of doing
 * @param notes what is to be done besides, by other means than files
 */
public record Plan(List<Entry> entries, List<String> notes) {
    public Plan {
        entries = List.copyOf(entries);
        notes = List.copyOf(notes);
    }

    /** Those of one kind. */
    public <E extends Entry> List<E> of(Class<E> kind) {
        return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /**
     * {@link ExitCode#OK} when there is nothing to do, {@link ExitCode#CHANGES} when there is, else
     * what the first refusal says.
     */
    public ExitCode exitCode() {
        List<Entry.Refused> refused = of(Entry.Refused.class);
        if (!refused.isEmpty()) {
            return refused.getFirst().why().exitCode();
        }
        return of(Entry.Unchanged.class).size() == entries.size() ? ExitCode.OK : ExitCode.CHANGES;
    }
}
