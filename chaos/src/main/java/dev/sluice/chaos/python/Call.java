package dev.sluice.chaos.python;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A function of Python. Immutable.
 *
 * @param required arguments that must be given
 * @param optional arguments that may be given
 */
record Call(List<String> required, Set<String> optional, Planner planner) {
    /** Decides what is done. */
    @FunctionalInterface
    interface Planner {
        Work plan(Arguments arguments);
    }

    Call {
        required = List.copyOf(required);
        optional = Set.copyOf(optional);
    }

    /** What Python would say to a call with these names of arguments. */
    List<String> problems(Collection<String> given) {
        List<String> problems = new ArrayList<>();
        required.stream()
                .filter(name -> !given.contains(name))
                .forEach(name -> problems.add("no argument '" + name + "'"));
        given.stream()
                .filter(name -> !required.contains(name) && !optional.contains(name))
                .forEach(name -> problems.add("an unknown argument '" + name + "'"));
        return problems;
    }

    /** Its arguments, for messages. */
    String signature() {
        List<String> names = new ArrayList<>(required);
        optional.stream().sorted().map(name -> name + "?").forEach(names::add);
        return "(" + String.join(", ", names) + ")";
    }
}
