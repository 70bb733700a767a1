/** The {@code pm} command-line app. */
@NullMarked
package org.processmanager.examples;

import org.jspecify.annotations.NullMarked;
