package dev.sluice.control.admin.operation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The newest operations, at most {@link #MOST}. Kept in memory only. Thread-safe. */
final class Operations {
    static final int MOST = 100;

    private final Deque<LogVerification> newestFirst = new ArrayDeque<>();

    /** The one that runs, else one that is made and begun now. */
    synchronized LogVerification running(Supplier<LogVerification> next) {
        Optional<LogVerification> present =
                newestFirst.stream().filter(it -> !it.now().getDone()).findFirst();
        if (present.isPresent()) {
            return present.get();
        }
        LogVerification made = next.get();
        newestFirst.addFirst(made);
        if (newestFirst.size() > MOST) {
            newestFirst.removeLast();
        }
        made.goOn();
        return made;
    }

    /** The newest first. */
    synchronized List<LogVerification> all() {
        return List.copyOf(newestFirst);
    }

    Optional<LogVerification> find(String name) {
        return all().stream().filter(it -> it.now().getName().equals(name)).findFirst();
    }
}
