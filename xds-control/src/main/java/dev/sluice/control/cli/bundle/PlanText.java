package dev.sluice.control.cli.bundle;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Values;
import dev.sluice.control.message.Difference;
import java.util.ArrayList;
import java.util.List;

/** A plan as people and as scripts read it. Stateless. */
public final class PlanText {
    private PlanText() {}

    /** A line for each resource that differs and each of its fields, the notes, and the counts. */
    public static List<String> lines(Plan plan) {
        List<String> lines = new ArrayList<>();
        plan.entries().forEach(entry -> add(entry, lines));
        plan.notes().forEach(note -> lines.add("note: " + note));
        lines.add(
                "%d to create, %d to update, %d to delete, %d unchanged, %d refused"
                        .formatted(
                                plan.of(Entry.Added.class).size(),
                                plan.of(Entry.Changed.class).size(),
                                plan.of(Entry.Pruned.class).size(),
                                plan.of(Entry.Unchanged.class).size(),
                                plan.of(Entry.Refused.class).size()));
        return lines;
    }

    private static void add(Entry entry, List<String> lines) {
        switch (entry) {
            case Entry.Added(var item, _, var fields, var check) -> {
                lines.add("+ " + item.name() + at(item.place()) + later(check));
                fields.forEach(field -> lines.add("    " + field.path() + ": " + field.after()));
            }
            case Entry.Changed(var item, _, _, var changes, var check) -> {
                lines.add("~ " + item.name() + at(item.place()) + later(check));
                changes.forEach(change ->
                        lines.add(
                                "    %s: %s -> %s"
                                        .formatted(
                                                change.path(),
                                                orNothing(change.before()),
                                                orNothing(change.after()))));
            }
            case Entry.Pruned pruned -> lines.add("- " + pruned.name());
            case Entry.Refused(var name, var place, var why) -> {
                lines.add("! " + name + at(place));
                why.lines().forEach(line -> lines.add("    " + line.strip()));
            }
            case Entry.Unchanged _ -> {}
        }
    }

    private static String at(String place) {
        return place.isEmpty() ? "" : "  (" + place + ")";
    }

    private static String later(Entry.Check check) {
        return switch (check) {
            case TAKEN -> "";
            case LATER -> "  not checked before what it names is there";
        };
    }

    private static String orNothing(String value) {
        return value.isEmpty() ? "(none)" : value;
    }

    /**
     * The same for scripts: {@code changes}, true when there is something to do, and {@code
     * resources} with {@code name}, {@code action} (CREATE, UPDATE, DELETE, NONE or REFUSED),
     * {@code place}, {@code checked}, {@code fields} and {@code problems}; {@code notes} where
     * there are any.
     */
    public static Struct json(Plan plan) {
        ListValue.Builder resources = ListValue.newBuilder();
        plan.entries().forEach(entry -> resources.addValues(Values.of(resource(entry).build())));
        Struct.Builder json =
                Struct.newBuilder()
                        .putFields(
                                "changes",
                                Values.of(
                                        plan.of(Entry.Unchanged.class).size()
                                                < plan.entries().size()))
                        .putFields("resources", Values.of(resources.build()));
        if (!plan.notes().isEmpty()) {
            json.putFields("notes", Values.of(plan.notes().stream().map(Values::of).toList()));
        }
        return json.build();
    }

    private static Struct.Builder resource(Entry entry) {
        return switch (entry) {
            case Entry.Added(var item, _, var fields, var check) ->
                    named(entry, "CREATE", item.place())
                            .putFields("checked", Values.of(check == Entry.Check.TAKEN))
                            .putFields("fields", fields(fields));
            case Entry.Changed(var item, _, _, var changes, var check) ->
                    named(entry, "UPDATE", item.place())
                            .putFields("checked", Values.of(check == Entry.Check.TAKEN))
                            .putFields("fields", fields(changes));
            case Entry.Unchanged(var item) -> named(entry, "NONE", item.place());
            case Entry.Pruned _ -> named(entry, "DELETE", "");
            case Entry.Refused(_, var place, var why) ->
                    named(entry, "REFUSED", place)
                            .putFields(
                                    "problems",
                                    Values.of(
                                            why.lines().stream()
                                                    .map(line -> Values.of(line.strip()))
                                                    .toList()));
        };
    }

    private static Struct.Builder named(Entry entry, String action, String place) {
        return Struct.newBuilder()
                .putFields("name", Values.of(entry.name()))
                .putFields("action", Values.of(action))
                .putFields("place", Values.of(place));
    }

    private static Value fields(List<Difference> differences) {
        ListValue.Builder fields = ListValue.newBuilder();
        differences.forEach(difference ->
                fields.addValues(
                        Values.of(
                                Struct.newBuilder()
                                        .putFields("path", Values.of(difference.path()))
                                        .putFields("before", value(difference.before()))
                                        .putFields("after", value(difference.after()))
                                        .build())));
        return Values.of(fields.build());
    }

    private static Value value(String json) {
        if (json.isEmpty()) {
            return Values.ofNull();
        }
        Value.Builder value = Value.newBuilder();
        try {
            JsonFormat.parser().merge(json, value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a difference that is no JSON: " + json, e);
        }
        return value.build();
    }
}
