package dev.sluice.control.change.spec;

import dev.sluice.contract.SinkName;
import java.util.List;
import java.util.Optional;

/**
 * Who is told of events, and of which. Secrets stand here by name only; what a name stands for is
 * known to the control plane that sends. Immutable; ranges are checked by {@code lifecycle}.
 */
public record SinkSpec(
        SinkName name, Description description, Destination destination, Selector selector) {

    /** Where notifications go. */
    public sealed interface Destination {
        /**
         * A CloudEvent over HTTP.
         *
         * @param url http or https
         * @param signingSecret name of the key of the signature
         * @param bearerSecret name of the token that is shown
         */
        record Webhook(
                String url,
                Mode mode,
                Optional<String> signingSecret,
                Optional<String> bearerSecret)
                implements Destination {}

        /**
         * A message to an incoming webhook of Slack or its likes.
         *
         * @param urlSecret name of the secret that is the URL
         */
        record Slack(String urlSecret) implements Destination {}

        /**
         * A mail.
         *
         * @param port 1..65,535
         * @param from address of RFC 5322
         * @param to 1..50 such addresses
         */
        record Mail(
                String host,
                int port,
                Security security,
                String from,
                List<String> to,
                Optional<Login> login)
                implements Destination {
            public Mail {
                to = List.copyOf(to);
            }
        }
    }

    /** How a CloudEvent stands in a request. */
    public enum Mode {
        /** As one JSON document. */
        STRUCTURED,
        /** Attributes as headers, the data as body. */
        BINARY
    }

    /** How mail is kept from others' eyes on its way to the first server. */
    public enum Security {
        /** TLS after a beginning in the clear, or nothing is sent. */
        STARTTLS,
        /** TLS from the first byte. */
        TLS,
        /** Not at all. */
        NONE
    }

    /**
     * Who sends mail.
     *
     * @param passwordSecret name of the password's secret
     */
    public record Login(String user, String passwordSecret) {}

    /**
     * Which events; all of what is given must hold.
     *
     * @param subjects full names, or beginnings that end in {@code *}; empty for any
     * @param kinds kinds, or beginnings that end in {@code *}; empty for any
     * @param least what matters less is left out
     */
    public record Selector(List<String> subjects, List<String> kinds, Severity least) {
        public Selector {
            subjects = List.copyOf(subjects);
            kinds = List.copyOf(kinds);
        }
    }

    /** How much an event matters; ascending. */
    public enum Severity {
        /** Something was done. */
        INFO,
        /** Somebody should look. */
        WARNING,
        /** Keys were taken back, or rules gone round. */
        CRITICAL
    }
}
