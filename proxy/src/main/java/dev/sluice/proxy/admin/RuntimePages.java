package dev.sluice.proxy.admin;

import dev.sluice.proxy.resource.runtime.RuntimeValueParser;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Shows runtime values and changes those of the admin layer, in Envoy's shapes. Thread-safe. */
final class RuntimePages {
    private static final String USAGE =
            """
            usage: /runtime_modify?key1=value1&key2=value2&keyN=valueN
              or send the parameters as form values
            use an empty value to remove a previously added override
            """;

    private final AdminSubject subject;

    RuntimePages(AdminSubject subject) {
        this.subject = subject;
    }

    /** {@code /runtime}: each layer's value of each key, and the one in force. */
    AdminAnswer show(AdminRequest request) {
        return AdminPages.got(
                request,
                () -> {
                    List<RuntimeLayers.Shown> layers = subject.runtime().shown();
                    Map<String, Object> entries = new LinkedHashMap<>();
                    TreeSet<String> keys = new TreeSet<>();
                    layers.forEach(layer -> keys.addAll(layer.values().keySet()));
                    keys.forEach(key -> entries.put(key, entry(key, layers)));
                    Map<String, Object> all = new LinkedHashMap<>();
                    all.put("layers", layers.stream().map(RuntimeLayers.Shown::name).toList());
                    all.put("entries", entries);
                    return AdminAnswer.json(200, JsonTree.of(all));
                });
    }

    private static Map<String, Object> entry(String key, List<RuntimeLayers.Shown> layers) {
        List<String> values = new ArrayList<>();
        String last = "";
        for (RuntimeLayers.Shown layer : layers) {
            RuntimeValue value = layer.values().get(key);
            values.add(value == null ? "" : value.text());
            last = value == null ? last : value.text();
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("layer_values", values);
        entry.put("final_value", last);
        return entry;
    }

    /** {@code /runtime_modify}: the parameters of the query, or those of a form. */
    AdminAnswer modify(AdminRequest request) {
        return AdminPages.posted(
                request,
                () -> {
                    if (!subject.runtime().isAdministered()) {
                        return AdminAnswer.text(
                                503,
                                "no admin layer; add one to layered_runtime of the bootstrap\n");
                    }
                    Map<String, Optional<RuntimeValue>> changes = new TreeMap<>();
                    for (AdminRequest.Parameter one : parameters(request)) {
                        changes.put(
                                one.name(),
                                one.value().isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(RuntimeValueParser.ofText(one.value())));
                    }
                    if (changes.isEmpty()) {
                        return AdminAnswer.text(400, USAGE);
                    }
                    subject.runtime().administer(changes);
                    return AdminAnswer.text(200, "OK\n");
                });
    }

    private static List<AdminRequest.Parameter> parameters(AdminRequest request) {
        return request.parameters().isEmpty()
                ? AdminRequest.parameters(request.body().strip())
                : request.parameters();
    }
}
