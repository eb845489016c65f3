package dev.sluice.control.cli.postmortem;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.util.List;

/** A post-mortem for machines: its facts, and the events whole. Stateless. */
final class PostmortemJson {
    private PostmortemJson() {}

    static String of(Incident incident) {
        Struct.Builder root = Struct.newBuilder();
        root.putFields("subject", text(incident.subject()));
        root.putFields("title", text(incident.title()));
        root.putFields("about", pairs(incident.about()));
        root.putFields("facts", pairs(Facts.of(incident)));
        ListValue.Builder events = ListValue.newBuilder();
        incident.events()
                .forEach(event ->
                        events.addValues(Value.newBuilder().setStructValue(tree(event)).build()));
        root.putFields("events", Value.newBuilder().setListValue(events).build());
        try {
            return JsonFormat.printer().print(root) + "\n";
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a tree holds no Any", e);
        }
    }

    private static Value pairs(List<List<String>> pairs) {
        Struct.Builder struct = Struct.newBuilder();
        pairs.forEach(pair -> struct.putFields(pair.getFirst(), text(pair.getLast())));
        return Value.newBuilder().setStructValue(struct).build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Struct tree(Message message) {
        try {
            Struct.Builder tree = Struct.newBuilder();
            JsonFormat.parser().merge(JsonFormat.printer().print(message), tree);
            return tree.build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an Any of unknown type in " + message, e);
        }
    }
}
