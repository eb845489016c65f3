package dev.sluice.control.notify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.control.change.spec.SinkSpec.Destination;
import dev.sluice.control.change.spec.SinkSpec.Severity;
import dev.sluice.control.outward.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Tells a chat by a message to its incoming webhook. Thread-safe. */
record SlackCourier(Posting posting, Secrets secrets) implements Courier<Destination.Slack> {
    @Override
    public Receipt send(Destination.Slack slack, News news) {
        return secrets.find(slack.urlSecret())
                .map(url ->
                        posting.post(
                                url, Map.of("Content-Type", "application/json"), message(news)))
                .orElseGet(() -> WebhookCourier.missing(slack.urlSecret()));
    }

    private static byte[] message(News news) {
        String text =
                sign(news.severity())
                        + " *"
                        + escaped(news.kind())
                        + "* "
                        + escaped(news.text())
                        + " _"
                        + news.time()
                        + " · "
                        + news.id()
                        + "_";
        return JsonNodeFactory.instance
                .objectNode()
                .put("text", text)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String sign(Severity severity) {
        return switch (severity) {
            case INFO -> ":information_source:";
            case WARNING -> ":warning:";
            case CRITICAL -> ":rotating_light:";
        };
    }

    /** Else a reason could mention people, or hide a link. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
