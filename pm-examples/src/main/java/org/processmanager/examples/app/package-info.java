/** The {@code pm} command-line app. */
@NullMarked
package org.processmanager.examples.app;

import org.jspecify.annotations.NullMarked;
