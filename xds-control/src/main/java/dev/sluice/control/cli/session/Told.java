package dev.sluice.control.cli.session;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a watch over several connections has told: nothing is news twice, and what went away while
 * there was no connection is found out. For one thread.
 */
public final class Told<M> {
    private final Map<String, M> states = new HashMap<>();
    private final Set<String> here = new HashSet<>();

    /** Whether the present connection has yet to tell all that there is. */
    private boolean comesBack;

    private boolean inSync;

    /** Another connection begins, and tells again what there is. */
    public void again() {
        here.clear();
        comesBack = true;
    }

    /** Takes in a state; whether it is news. */
    public boolean isNews(String name, M state) {
        here.add(name);
        return !state.equals(states.put(name, state));
    }

    /** Takes in that something is gone; whether it is news. */
    public boolean isGone(String name) {
        return states.remove(name) != null || !inSync;
    }

    /** Takes in that all there is was told; whether it is so for the first time. */
    public boolean isInSync() {
        boolean first = !inSync;
        inSync = true;
        return first;
    }

    /** What went away meanwhile, in order, once after each {@link #again}. */
    public List<String> gone() {
        if (!comesBack) {
            return List.of();
        }
        comesBack = false;
        List<String> gone =
                states.keySet().stream()
                        .filter(name -> !here.contains(name))
                        .sorted(Comparator.naturalOrder())
                        .toList();
        gone.forEach(states::remove);
        return gone;
    }
}
