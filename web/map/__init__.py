"""The interactive map: Folium's page and the index that answers it."""
