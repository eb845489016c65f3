package dev.sluice.contract.decide;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Finds one member of a JSON object (RFC 8259), without building the object: a string's UTF-8 bytes
 * or an integer's digits. Members of nested objects are named with dots; where a name occurs twice,
 * the last counts, as for most JSON readers. The whole text must be right, or there is no member.
 * Used once, by one thread.
 */
final class JsonMember {
    private static final int DEEPEST = 32;

    /** Thrown within this class only, and caught in {@link #read}: the text is no JSON. */
    private static final class Malformed extends Exception {
        Malformed() {
            super("not JSON", null, false, false);
        }
    }

    private final byte[] json;
    private final String member;
    private final KeyBuffer into;
    private int at;
    private boolean fits = true;

    JsonMember(byte[] json, String member, KeyBuffer into) {
        this.json = json;
        this.member = member;
        this.into = into;
    }

    /**
     * Reads the member into the buffer, which stays empty without one.
     *
     * @return false when its value does not fit
     */
    boolean read() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            blanks();
            object(member, 0);
            blanks();
            if (at != json.length) {
                throw new Malformed();
            }
            return fits;
        } catch (Malformed | CharacterCodingException notJson) {
            into.clear();
            return true;
        }
    }

    /** An object whose member {@code wanted} is the one; with no name, none is. */
    private void object(String wanted, int depth) throws Malformed {
        expect('{');
        blanks();
        if (accept('}')) {
            return;
        }
        do {
            blanks();
            String name = string();
            blanks();
            expect(':');
            blanks();
            member(name, wanted, depth);
            blanks();
        } while (accept(','));
        expect('}');
    }

    private void member(String name, String wanted, int depth) throws Malformed {
        if (!wanted.isEmpty() && name.equals(wanted)) {
            wantedValue(depth);
        } else if (!wanted.isEmpty() && wanted.startsWith(name + ".") && peek() == '{') {
            into.clear();
            fits = true;
            nested(wanted.substring(name.length() + 1), depth);
        } else {
            value(depth);
        }
    }

    private void wantedValue(int depth) throws Malformed {
        into.clear();
        fits = true;
        int first = peek();
        if (first == '"') {
            for (byte b : string().getBytes(StandardCharsets.UTF_8)) {
                fits = fits && into.add(b);
            }
        } else if (first == '-' || isDigit(first)) {
            int start = at;
            if (number()) {
                for (int i = start; i < at; i++) {
                    fits = fits && into.add(json[i]);
                }
            }
        } else {
            value(depth);
        }
    }

    private void nested(String wanted, int depth) throws Malformed {
        if (depth == DEEPEST) {
            throw new Malformed();
        }
        object(wanted, depth + 1);
    }

    private void value(int depth) throws Malformed {
        switch (peek()) {
            case '{' -> nested("", depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    private void array(int depth) throws Malformed {
        if (depth == DEEPEST) {
            throw new Malformed();
        }
        expect('[');
        blanks();
        if (accept(']')) {
            return;
        }
        do {
            blanks();
            value(depth + 1);
            blanks();
        } while (accept(','));
        expect(']');
    }

    private String string() throws Malformed {
        expect('"');
        int start = at;
        while (peek() != '"' && peek() != '\\') {
            plain();
        }
        StringBuilder text = new StringBuilder(utf8(start));
        while (!accept('"')) {
            if (accept('\\')) {
                text.append(escape());
            } else {
                int from = at;
                while (peek() != '"' && peek() != '\\') {
                    plain();
                }
                text.append(utf8(from));
            }
        }
        return text.toString();
    }

    private void plain() throws Malformed {
        int b = peek();
        if (b >= 0 && b < ' ') {
            throw new Malformed();
        }
        at++;
    }

    private String utf8(int start) {
        return new String(json, start, at - start, StandardCharsets.UTF_8);
    }

    private char escape() throws Malformed {
        int kind = peek();
        at++;
        return switch (kind) {
            case '"', '\\', '/' -> (char) kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw new Malformed();
        };
    }

    private char unicode() throws Malformed {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit((char) peek(), 16);
            if (digit < 0) {
                throw new Malformed();
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    /** A number; whether it is written as an integer. */
    private boolean number() throws Malformed {
        accept('-');
        if (!accept('0')) {
            digits();
        }
        boolean integer = true;
        if (accept('.')) {
            integer = false;
            digits();
        }
        if (accept('e') || accept('E')) {
            integer = false;
            if (!accept('+')) {
                accept('-');
            }
            digits();
        }
        return integer;
    }

    private void digits() throws Malformed {
        if (!isDigit(peek())) {
            throw new Malformed();
        }
        while (at < json.length && isDigit(json[at])) {
            at++;
        }
    }

    private void word(String word) throws Malformed {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i));
        }
    }

    private void blanks() {
        while (at < json.length && isBlank(json[at])) {
            at++;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private int peek() throws Malformed {
        if (at == json.length) {
            throw new Malformed();
        }
        return json[at];
    }

    private boolean accept(char c) {
        boolean there = at < json.length && json[at] == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) throws Malformed {
        if (!accept(c)) {
            throw new Malformed();
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
