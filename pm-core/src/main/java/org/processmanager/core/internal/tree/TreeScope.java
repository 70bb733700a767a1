package org.processmanager.core.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * Which processes belong to a tree, besides descendants by parent.
 *
 * @param group whether the root leads a process group, whose members belong to the tree
 * @param session whether the root leads a session, whose members belong to the tree
 * @param cgroup a control group whose members belong to the tree, or null
 */
public record TreeScope(
        boolean group, boolean session, @Nullable Cgroup cgroup) {
    /** Descendants by parent only. */
    public static final TreeScope PARENTS = new TreeScope(false, false, null);
}
