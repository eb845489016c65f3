package dev.sluice.control.notify;

import dev.sluice.control.change.spec.SinkSpec.Destination;
import dev.sluice.control.outward.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Tells a webhook by a CloudEvent. Thread-safe. */
record WebhookCourier(Posting posting, Secrets secrets, String source, InstantSource clock)
        implements Courier<Destination.Webhook> {
    @Override
    public Receipt send(Destination.Webhook webhook, News news) {
        CloudEvent event = CloudEvent.of(news, source, webhook.mode());
        byte[] body = event.body().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new HashMap<>(event.headers());
        if (webhook.bearerSecret().isPresent()) {
            Optional<String> token = secrets.find(webhook.bearerSecret().get());
            if (token.isEmpty()) {
                return missing(webhook.bearerSecret().get());
            }
            headers.put("Authorization", "Bearer " + token.get());
        }
        if (webhook.signingSecret().isPresent()) {
            Optional<String> key = secrets.find(webhook.signingSecret().get());
            if (key.isEmpty()) {
                return missing(webhook.signingSecret().get());
            }
            try {
                headers.putAll(Signature.headers(key.get(), news.id(), clock.instant(), body));
            } catch (IllegalArgumentException _) {
                return Receipt.Failed.of(
                        "secret " + webhook.signingSecret().get() + " is no whsec_ and base64");
            }
        }
        return posting.post(webhook.url(), headers, body);
    }

    static Receipt missing(String secret) {
        return Receipt.Failed.of("this control plane has no secret " + secret);
    }
}
