package dev.sluice.control.admin.operation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The newest operations, at most {@link #MOST}. Kept in memory only. Thread-safe. */
final class Operations {
    static final int MOST = 100;

    private final Deque<Running> newestFirst = new ArrayDeque<>();

    /**
     * The one that does this to that now, else one that is made and begun.
     *
     * @param work begins it, after it is known under its name
     */
    synchronized Running running(
            String kind, String subject, Supplier<Running> next, Consumer<Running> work) {
        Optional<Running> present =
                newestFirst.stream().filter(it -> it.isAbout(kind, subject)).findFirst();
        if (present.isPresent()) {
            return present.get();
        }
        Running made = next.get();
        newestFirst.addFirst(made);
        if (newestFirst.size() > MOST) {
            newestFirst.removeLast();
        }
        work.accept(made);
        return made;
    }

    /** The newest first. */
    synchronized List<Running> all() {
        return List.copyOf(newestFirst);
    }

    Optional<Running> find(String name) {
        return all().stream().filter(it -> it.now().getName().equals(name)).findFirst();
    }
}
