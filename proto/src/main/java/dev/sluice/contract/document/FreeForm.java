package dev.sluice.contract.document;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.contract.document.Tree.Entry;
import dev.sluice.contract.document.Tree.Mapping;
import dev.sluice.contract.document.Tree.Scalar;
import dev.sluice.contract.document.Tree.Sequence;
import dev.sluice.contract.document.Tree.Style;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Trees as {@code google.protobuf.Struct} and back. Stateless. */
final class FreeForm {
    private FreeForm() {}

    static Struct struct(Mapping mapping) {
        Struct.Builder out = Struct.newBuilder();
        for (Entry entry : mapping.entries()) {
            out.putFields(entry.key().text(), value(entry.value()));
        }
        return out.build();
    }

    static ListValue list(Sequence sequence) {
        ListValue.Builder out = ListValue.newBuilder();
        sequence.items().forEach(item -> out.addValues(value(item)));
        return out.build();
    }

    static Value value(Tree tree) {
        return switch (tree) {
            case Mapping mapping -> Value.newBuilder().setStructValue(struct(mapping)).build();
            case Sequence sequence -> Value.newBuilder().setListValue(list(sequence)).build();
            case Scalar scalar -> value(scalar);
        };
    }

    private static Value value(Scalar scalar) {
        Value.Builder out = Value.newBuilder();
        if (scalar.isNull()) {
            return out.setNullValue(NullValue.NULL_VALUE).build();
        }
        if (scalar.style() == Style.QUOTED || !ScalarReader.notString(scalar.text())) {
            return out.setStringValue(scalar.text()).build();
        }
        return ScalarReader.truth(scalar.text())
                .map(out::setBoolValue)
                .or(() -> ScalarReader.number(scalar.text()).map(out::setNumberValue))
                .orElseThrow()
                .build();
    }

    /** The tree that a struct would have been read from; every part stands at {@code place}. */
    static Mapping tree(Struct struct, Place place) {
        List<Entry> entries = new ArrayList<>();
        long size = 1;
        for (Map.Entry<String, Value> field : struct.getFieldsMap().entrySet()) {
            Tree value = tree(field.getValue(), place);
            entries.add(new Entry(new Scalar(place, field.getKey(), Style.QUOTED), value));
            size += value.size() + 1;
        }
        return new Mapping(place, entries, List.of(), size);
    }

    private static Tree tree(Value value, Place place) {
        return switch (value.getKindCase()) {
            case STRUCT_VALUE -> tree(value.getStructValue(), place);
            case LIST_VALUE -> {
                List<Tree> items =
                        value.getListValue().getValuesList().stream()
                                .map(item -> tree(item, place))
                                .toList();
                long size = 1 + items.stream().mapToLong(Tree::size).sum();
                yield new Sequence(place, items, size);
            }
            case STRING_VALUE -> new Scalar(place, value.getStringValue(), Style.QUOTED);
            case NUMBER_VALUE -> new Scalar(place, number(value.getNumberValue()), Style.PLAIN);
            case BOOL_VALUE ->
                    new Scalar(place, Boolean.toString(value.getBoolValue()), Style.PLAIN);
            case NULL_VALUE, KIND_NOT_SET -> new Scalar(place, "null", Style.PLAIN);
        };
    }

    private static String number(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).stripTrailingZeros().toString()
                : Double.toString(value);
    }
}
