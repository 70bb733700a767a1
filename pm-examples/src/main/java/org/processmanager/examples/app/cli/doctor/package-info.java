/** What this machine has of what the libraries use. */
@NullMarked
package org.processmanager.examples.app.cli.doctor;

import org.jspecify.annotations.NullMarked;
