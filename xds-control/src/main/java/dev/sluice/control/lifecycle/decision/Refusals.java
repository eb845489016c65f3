package dev.sluice.control.lifecycle.decision;

import dev.sluice.contract.Problem;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects every reason against one command. Owned by the one decision. */
public final class Refusals {
    private final List<Refusal> found = new ArrayList<>();

    public void invalid(String path, Object got, String expected, String remedy) {
        add(Refusal.Kind.INVALID, path, got, expected, remedy);
    }

    public void precondition(String path, Object got, String expected, String remedy) {
        add(Refusal.Kind.PRECONDITION, path, got, expected, remedy);
    }

    public void denied(String got, String expected, String remedy) {
        add(Refusal.Kind.DENIED, "principal", got, expected, remedy);
    }

    public void exists(Object name) {
        add(
                Refusal.Kind.ALREADY_EXISTS,
                "name",
                Problem.quote(name.toString()),
                "a name that is free",
                "take another id, or update the existing one");
    }

    /** What the command is about, after noting that it is missing where it is. */
    public <T> Optional<T> require(Optional<T> resource, Object name) {
        if (resource.isEmpty()) {
            add(
                    Refusal.Kind.NOT_FOUND,
                    "name",
                    Problem.quote(name.toString()),
                    "an existing resource",
                    "list what there is, or create it first");
        }
        return resource;
    }

    /** Something that the command refers to. */
    public <T> Optional<T> reference(Optional<T> resource, String path, Object name) {
        if (resource.isEmpty()) {
            precondition(
                    path,
                    Problem.quote(name.toString()),
                    "an existing resource",
                    "create it first, or name another");
        }
        return resource;
    }

    /** Something else still names what is to be deleted. */
    public void inUse(Object user) {
        precondition(
                "name", "in use by " + user, "nothing that names it", "change or delete " + user);
    }

    /** An etag that is given must be the current one. */
    public void checkEtag(Resource resource, CommandContext context) {
        String current = resource.meta().etag();
        if (context.etag().isPresent() && !context.etag().get().equals(current)) {
            add(
                    Refusal.Kind.ABORTED,
                    "etag",
                    Problem.quote(context.etag().get()),
                    "the current one, '" + current + "'",
                    "read " + resource.resourceName() + " again and decide anew");
        }
    }

    /** As {@link #checkEtag}, where a change must not be made blindly. */
    public void requireEtag(Resource resource, CommandContext context) {
        if (context.etag().isEmpty()) {
            invalid(
                    "etag",
                    "none",
                    "the etag of " + resource.resourceName() + " as you know it",
                    "read it and give its etag");
        }
        checkEtag(resource, context);
    }

    /** Everything found so far. */
    public List<Refusal> all() {
        return List.copyOf(found);
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** The end of a decision: the events when nothing is against them, else every reason. */
    public Decision orElse(Supplier<List<Event>> events) {
        return found.isEmpty() ? new Decision.Change(events.get()) : new Decision.Refused(found);
    }

    /** The reasons alone, where there must be some. */
    public Decision refused() {
        return new Decision.Refused(found);
    }

    private void add(Refusal.Kind kind, String path, Object got, String expected, String remedy) {
        found.add(Refusal.of(kind, path, got.toString(), expected, remedy));
    }
}
