package dev.sluice.demo.view;

/** How text is made to stand out. */
enum Paint {
    /** Not at all: pipes, and terminals whose user set {@code NO_COLOR}. */
    NONE,
    /** By the SGR sequences of ECMA-48. */
    SGR;

    String bold(String text) {
        return styled("1", text);
    }

    String dim(String text) {
        return styled("2", text);
    }

    String green(String text) {
        return styled("32", text);
    }

    String red(String text) {
        return styled("1;31", text);
    }

    private String styled(String code, String text) {
        return switch (this) {
            case NONE -> text;
            case SGR -> text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
        };
    }
}
