package dev.sluice.proxy.filter.rewrite;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Addition;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import dev.sluice.proxy.snapshot.header.HeaderValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes the headers of a message by the levels of a route, one level after the other. Within a
 * level, as in Envoy, removals come first; which additions apply, and what command operators say,
 * is decided by the fields that are there then; overwriting is done before appending. Immutable.
 */
public final class HeaderMutator {
    /** Changes nothing. */
    public static final HeaderMutator NONE = new HeaderMutator(List.of());

    private final List<Changes> levels;
    private final boolean speaks;

    private HeaderMutator(List<Changes> levels) {
        this.levels = levels;
        speaks = speaks(levels);
    }

    /** Applies these levels in this order. */
    public static HeaderMutator of(List<Changes> levels) {
        if (levels.isEmpty()) {
            return NONE;
        }
        List<Changes> effective = levels.stream().filter(level -> !level.isEmpty()).toList();
        return effective.isEmpty() ? NONE : new HeaderMutator(effective);
    }

    private static boolean speaks(List<Changes> levels) {
        for (Changes level : levels) {
            for (Addition addition : level.add()) {
                if (addition.value() instanceof HeaderValue.Spoken) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether {@link #apply} never changes anything. */
    public boolean isNone() {
        return levels.isEmpty();
    }

    /** Whether a value has command operators. */
    public boolean speaks() {
        return speaks;
    }

    /** Changes {@code headers}, which the caller owns, where no value has command operators. */
    public void apply(HeaderBlock headers) {
        apply(headers, SpokenValues.NONE);
    }

    /**
     * Changes {@code headers}, which the caller owns.
     *
     * @param values is asked where {@link #speaks}
     */
    public void apply(HeaderBlock headers, SpokenValues values) {
        for (Changes level : levels) {
            apply(level, headers, values);
        }
    }

    private static void apply(Changes level, HeaderBlock headers, SpokenValues values) {
        for (String name : level.remove()) {
            headers.remove(name);
        }
        List<Addition> overwritten = new ArrayList<>();
        List<Addition> appended = new ArrayList<>();
        for (Addition written : level.add()) {
            Addition addition =
                    written.value() instanceof HeaderValue.Spoken spoken
                            ? written.saying(values.of(spoken, headers))
                            : written;
            if (addition.literal().isEmpty() && !addition.keepEmpty()) {
                continue;
            }
            boolean there = headers.contains(addition.name());
            switch (addition.action()) {
                case APPEND_IF_EXISTS_OR_ADD -> appended.add(addition);
                case OVERWRITE_IF_EXISTS_OR_ADD -> overwritten.add(addition);
                case ADD_IF_ABSENT -> {
                    if (!there) {
                        appended.add(addition);
                    }
                }
                case OVERWRITE_IF_EXISTS -> {
                    if (there) {
                        overwritten.add(addition);
                    }
                }
            }
        }
        overwritten.forEach(addition -> headers.set(addition.name(), addition.literal()));
        appended.forEach(addition -> headers.add(addition.name(), addition.literal()));
    }
}
